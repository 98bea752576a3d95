import { expect, test } from "bun:test";
import { syncPaths } from "./sync-paths";

test("the last glob that matches decides, a folder means all in it, and what git and zr keep is never meant", () => {
  const { has } = syncPaths(["src/", "./dist/*.js", "!src/skip", "src/skip/but.ts"]);
  expect(["src/a/b.ts", "dist/x.js", "src/skip/but.ts"].filter((path) => !has(path))).toEqual([]);
  expect(["src/skip/x", "dist/sub/x.js", "dist/x.css", "src/.git/config", "src/.zr/run"].filter(has)).toEqual(
    [],
  );
});

test("only the folders in which something can be meant are looked through", () => {
  expect(syncPaths(["dist/**", "dist/sub/*.js", "a/b/{c,d}", "one.txt", "!dist/x"]).starts).toEqual([
    "dist",
    "a/b",
    "one.txt",
  ]);
  expect(syncPaths(["src/**", "*.toml"]).starts).toEqual(["."]);
});
