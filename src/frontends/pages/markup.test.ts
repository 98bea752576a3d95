import { expect, test } from "bun:test";
import { embeddedJson, escaped } from "./markup";
import { durationText, shareText, sizeText } from "./values-text";

test("text in markup can't become markup", () => {
  expect(escaped(`</title><img src="x" onerror='y'>&`)).toBe(
    "&lt;/title&gt;&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;",
  );
  expect(escaped("a\u0000b\u001bc\td\n")).toBe("a\ufffdb\ufffdc\td\n");
});

test("JSON in a script element can't end it or begin a comment, and stays the same data", () => {
  const value = { name: "</script><!--<script>" };
  expect(embeddedJson(value)).not.toContain("<");
  expect(JSON.parse(embeddedJson(value))).toEqual(value);
});

test("values are written as people read them", () => {
  expect([0, 999.4, 1000, 59_949, 61_000, 7_290_000].map(durationText)).toEqual([
    "0ms",
    "999ms",
    "1.0s",
    "59.9s",
    "1m 1s",
    "2h 1m",
  ]);
  expect([0, 999, 1500, 250_000_000].map(sizeText)).toEqual(["0 B", "999 B", "1.5 kB", "250 MB"]);
  expect([null, 0, 0.004, 0.999, 1].map(shareText)).toEqual(["–", "0%", "<1%", "99%", "100%"]);
});
