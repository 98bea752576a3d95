import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { render } from "./render.js";

const [summary, chart, page] = process.argv.slice(2);
if (page === undefined) {
  console.error("usage: node src/main.js SUMMARY.json CHART.svg PAGE.html");
  process.exit(2);
}
const months = JSON.parse(readFileSync(summary, "utf8"));
const svg = existsSync(chart) ? readFileSync(chart, "utf8") : "";
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, render(months, svg));
console.log(`${page}: ${months.length} months, ${svg === "" ? "without" : "with"} a chart`);
