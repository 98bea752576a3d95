import type { AnalyticsView } from "#engine/history/analytics/analytics-view";
import { failureText } from "#frontends/output/outcome-text";
import { analyticsScript, analyticsStyle } from "#frontends/pages/page-assets";
import { pageDocument } from "#frontends/pages/page-document";
import type { AnalyticsPageData } from "./analytics-data";

/** What the history says as a page in one file: everything it shows is in it, and it asks nobody for anything. */
export function analyticsPage(title: string, view: AnalyticsView): string {
  const data: AnalyticsPageData = {
    title,
    view,
    failureTexts: view.failures.map(({ lastFailure }) =>
      lastFailure === null ? "" : failureText(lastFailure),
    ),
  };
  return pageDocument({
    title,
    style: analyticsStyle,
    script: analyticsScript,
    body: '<noscript>This page draws its charts by a script.</noscript>\n<div id="app"></div>',
    data,
  });
}
