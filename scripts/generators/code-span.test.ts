import { expect, test } from "bun:test";
import { codeSpan } from "./code-span";

test("a text without backticks stands between single ones", () => {
  expect(codeSpan("no task '{name}'")).toBe("`no task '{name}'`");
});

test("a text that begins or ends with a backtick is kept apart from its fence, so that it is still code", () => {
  expect(codeSpan("`{name}` is a function: call it")).toBe("`` `{name}` is a function: call it ``");
  expect(codeSpan("there is no name `{name}`")).toBe("`` there is no name `{name}` ``");
});

test("a fence is longer than every run of backticks inside", () => {
  expect(codeSpan("a ``b`` c")).toBe("```a ``b`` c```");
});
