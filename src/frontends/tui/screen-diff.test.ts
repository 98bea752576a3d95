import { expect, test } from "bun:test";
import { ScreenDiff } from "./screen-diff";

test("only rows that differ are written, each from its beginning", () => {
  const diff = new ScreenDiff();
  expect(diff.next(["a", "b"])).toBe("\x1b[?2026h\x1b[1;1H\x1b[2Ka\x1b[2;1H\x1b[2Kb\x1b[?2026l");
  expect(diff.next(["a", "c"])).toBe("\x1b[?2026h\x1b[2;1H\x1b[2Kc\x1b[?2026l");
  expect(diff.next(["a", "c"])).toBe("");
  diff.forget();
  expect(diff.next(["a", "c"])).toContain("\x1b[1;1H\x1b[2Ka");
});
