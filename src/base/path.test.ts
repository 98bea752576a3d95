import { describe, expect, test } from "bun:test";
import {
  ancestors,
  basename,
  dirname,
  isAbsolute,
  isInside,
  normalize,
  relativeTo,
  resolveFrom,
} from "./path";

describe("a path as text", () => {
  test("is absolute from the root or from a drive", () => {
    expect(["/a", "C:/a", "c:\\a"].every(isAbsolute)).toBe(true);
    expect(["a", "./a", "C:a", "", "\\a"].some(isAbsolute)).toBe(false);
  });

  test.each([
    ["a/./b//c/", "a/b/c"],
    ["a/../../b", "../b"],
    ["/../a", "/a"],
    ["", "."],
    ["./", "."],
    ["a/..", "."],
    ["C:\\x\\..\\y", "C:/y"],
    ["C:/..", "C:/"],
    ["a..b/.c", "a..b/.c"],
  ])("%p is normalized to %p", (path, normal) => {
    expect(normalize(path)).toBe(normal);
  });

  test("is resolved from a folder, unless it is absolute", () => {
    expect(resolveFrom("/a/b", "../c")).toBe("/a/c");
    expect(resolveFrom("/a/b", "/c")).toBe("/c");
  });

  test.each([
    ["/a/b", "/a", "b"],
    ["/a", "/", "a"],
    ["/", "/", ""],
    ["C:/a", "C:/", "a"],
    ["a", ".", "a"],
  ])("%p lies in %p under the name %p", (path, folder, name) => {
    expect(dirname(path)).toBe(folder);
    expect(basename(path)).toBe(name);
  });

  test.each([
    ["/a", "/a", "."],
    ["/a", "/a/b/c", "b/c"],
    ["/", "/a", "a"],
    ["/a/b", "/a/c/d", "../c/d"],
    ["/ab", "/a", "../a"],
  ])("from %p the way to %p is %p", (from, to, way) => {
    expect(relativeTo(from, to)).toBe(way);
  });

  test("has its folders up to the root above it", () => {
    expect(ancestors("/a/b")).toEqual(["/a/b", "/a", "/"]);
    expect(ancestors("C:/a")).toEqual(["C:/a", "C:/"]);
  });

  test("is inside of a folder by whole names", () => {
    expect(isInside("/a", "/a")).toBe(true);
    expect(isInside("/a", "/a/b")).toBe(true);
    expect(isInside("/a", "/ab")).toBe(false);
    expect(isInside("/", "/ab")).toBe(true);
  });
});
