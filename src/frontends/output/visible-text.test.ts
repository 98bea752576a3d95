import { expect, test } from "bun:test";
import { truncate, visibleControls } from "./visible-text";

test("text is cut to whole characters that fit, the ellipsis included", () => {
  expect(truncate("abcdef", 6, "…")).toBe("abcdef");
  expect(truncate("abcdefg", 6, "…")).toBe("abcde…");
  expect(truncate("abcdefg", 6, "...")).toBe("abc...");
  expect(truncate("日本語日本語", 8, "…")).toBe("日本語…");
});

test("control and direction characters become visible, tabs and letters of all scripts stay", () => {
  expect(visibleControls("a\tb\x07\x1b[0m\n\x9b\u202e é 日 🎉")).toBe(
    "a\tb\\x07\\x1b[0m\\x0a\\x9b\\u202e é 日 🎉",
  );
});
