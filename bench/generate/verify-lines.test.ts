import { describe, expect, test } from "bun:test";
import { numberedText } from "./text";
import { findLostLine } from "./verify-lines";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sources = [bytes("@0 0 a\n@0 1 b\n"), bytes("@1 0 c\n@1 1 d\n")];

describe("findLostLine", () => {
  test("lines of all sources may be mixed, with prefixes and headings", () => {
    const output = bytes("heading\nx │ @0 0 a\ny │ @1 0 c\nx │ @0 1 b\ny │ @1 1 d\n2 done\n");
    expect(findLostLine(output, sources, false)).toBeUndefined();
  });

  test("grouped lines have to stand together", () => {
    expect(findLostLine(bytes("@0 0 a\n@0 1 b\n@1 0 c\n@1 1 d\n"), sources, true)).toBeUndefined();
    expect(findLostLine(bytes("@0 0 a\n@1 0 c\n@0 1 b\n@1 1 d\n"), sources, true)).toContain("in two places");
  });

  test.each([
    ["a missing line", "@0 1 b\n@1 0 c\n@1 1 d\n", 'expected "@0 0 a"'],
    ["a missing end", "@0 0 a\n@0 1 b\n@1 0 c\n", "source 1 breaks off"],
    ["lines out of order", "@0 1 b\n@0 0 a\n@1 0 c\n@1 1 d\n", 'expected "@0 0 a"'],
    ["a torn line", "@0 0 a\n@0 1\n b\n@1 0 c\n@1 1 d\n", 'expected "@0 1 b"'],
    ["a line twice", "@0 0 a\n@0 0 a\n@0 1 b\n@1 0 c\n@1 1 d\n", 'expected "@0 1 b"'],
  ])("finds %s", (_what, output, found) => {
    expect(findLostLine(bytes(output), sources, false)).toContain(found);
  });

  test("finds nothing wrong with a generated text, whatever its words", () => {
    const text = numberedText(0, 100_000);
    expect(findLostLine(text, [text], true)).toBeUndefined();
  });
});
