import { pageDocument } from "#frontends/pages/page-document";
import { graphScript, graphStyle } from "#frontends/pages/page-assets";
import type { GraphPageData } from "./graph-data";

/** A graph as a page in one file: everything it shows is in it, and it asks nobody for anything. */
export const graphPage = (data: GraphPageData): string =>
  pageDocument({
    title: data.title,
    style: graphStyle,
    script: graphScript,
    body: '<noscript>This page draws the graph by a script.</noscript>\n<div id="app"></div>',
    data,
    isServed: data.live !== undefined,
  });
