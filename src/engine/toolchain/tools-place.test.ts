import { expect, test } from "bun:test";
import type { ToolName } from "#core/toolchain/tool-name";
import { ToolsPlace } from "./tools-place";

const place = new ToolsPlace("/tools");
const url = (name: string): ToolName => ({ backend: "url", name });

test("tools of one address are downloaded to files of their own, the same one each time", () => {
  const one = place.download({ tool: url("a"), version: "1" }, "https://example.org/x");
  expect(place.download({ tool: url("a"), version: "1" }, "https://example.org/x")).toBe(one);
  for (const other of [
    { tool: url("b"), version: "1" },
    { tool: url("a"), version: "2" },
  ])
    expect(place.download(other, "https://example.org/x")).not.toBe(one);
});

test("what is cleared away of one version is never that of another one under way", () => {
  const other = place.staging({ tool: url("a"), version: "1.2-rc1" });
  expect(other.slice(other.lastIndexOf("/") + 1).startsWith(place.stagingPrefix("1.2"))).toBe(false);
});
