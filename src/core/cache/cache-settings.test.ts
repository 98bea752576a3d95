import { expect, test } from "bun:test";
import { localCacheFolder, parseCacheUse } from "./cache-settings";

test.each([
  ["local", { local: "read-write", remote: "off" }],
  ["local:rw,remote:r", { local: "read-write", remote: "read" }],
  ["remote:w, local:off", { local: "off", remote: "write" }],
  ["disk", undefined],
  ["local:x", undefined],
  ["local:r:w", undefined],
  ["", undefined],
] as const)("--cache=%s means %j", (text, expected) => {
  expect(parseCacheUse(text)).toEqual(expected);
});

test.each([
  [undefined, "linux", { HOME: "/h" }, "/h/.cache/zr/results"],
  [undefined, "linux", { HOME: "/h", XDG_CACHE_HOME: "/c" }, "/c/zr/results"],
  [undefined, "linux", { HOME: "/h", XDG_CACHE_HOME: "" }, "/h/.cache/zr/results"],
  [undefined, "darwin", { HOME: "/h" }, "/h/Library/Caches/zr/results"],
  [undefined, "windows", { LOCALAPPDATA: "C:\\U\\Local" }, "C:/U/Local/zr/results"],
  [undefined, "linux", {}, undefined],
  ["~/x", "linux", { HOME: "/h" }, "/h/x"],
  ["~/x", "linux", {}, undefined],
  ["rel/x", "linux", {}, "/w/rel/x"],
  ["/abs", "linux", {}, "/abs"],
] as const)("local_dir %p on %s with %j is %p", (dir, os, env, expected) => {
  expect(localCacheFolder(dir, { root: "/w", os, env })).toBe(expected);
});
