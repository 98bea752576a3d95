import { expect, test } from "bun:test";
import { firstSpan, lineTemplate } from "./line-template";

const found = (text: string, template: string): string | undefined => {
  const span = firstSpan(text, template);
  return span === undefined ? undefined : text.slice(span.start, span.end);
};

test("blanks of a template stand for any number of blanks", () => {
  expect(found('\n  version   =\t"1.2.3" # x', 'version = "{}"')).toBe("1.2.3");
  expect(found('version="1"', 'version = "{}"')).toBe("1");
  expect(found("name:   demo\n", "name: {}")).toBe("demo");
  expect(found("package  a.b\n", "package {}")).toBe("a.b");
  expect(found("packagea\n", "package {}")).toBeUndefined();
});

test("signs that mean something in a pattern are only signs", () => {
  expect(found("(name demo)", "(name {})")).toBe("demo");
  expect(found("a.b = [1]", "a.b = [{}]")).toBe("1");
  expect(found("axb = [1]", "a.b = [{}]")).toBeUndefined();
});

test("a template without one place behind something is none", () => {
  for (const wrong of ["", "x", "{}", "{} x", "a {} b {}", "a\n{}"])
    expect(lineTemplate(wrong)).toBeUndefined();
});
