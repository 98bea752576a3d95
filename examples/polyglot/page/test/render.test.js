import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../src/render.js";

const january = { month: "january", coldest: -5, mean: 0.25, warmest: 6 };

test("every month is a row of the table", () => {
  assert.match(render([january]), /<tr><th>january<\/th><td>-5.0<\/td><td>0.3<\/td><td>6.0<\/td><\/tr>/);
});

test("the chart stands above the table", () => {
  const page = render([january], "<svg/>");
  assert.ok(page.indexOf("<svg/>") < page.indexOf("<table>"));
});

test("names are not read as HTML", () => {
  assert.match(render([{ ...january, month: "<b>" }]), /<th>&lt;b><\/th>/);
});
