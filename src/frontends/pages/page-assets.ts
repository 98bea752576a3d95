// Run when the program is built: what they leave in it are texts.
import { bundledText } from "#scripts/pages/bundled-text" with { type: "macro" };

/** What pages run and look like in the browser. */
export const graphScript: string = bundledText("graph.ts");
export const graphStyle: string = bundledText("graph.css");
export const analyticsScript: string = bundledText("analytics.ts", "uplot");
export const analyticsStyle: string = bundledText("analytics.css");
