import { expect, test } from "bun:test";
import { LOGIN_COMMAND } from "./login-command";

test("the login shell finds one quoted text, and nothing in it that any shell would touch", () => {
  const [before, inner, ...after] = LOGIN_COMMAND.split("'");
  expect([before, after]).toEqual(["exec sh -c ", [""]]);
  expect(inner).not.toMatch(/[\\!\n\r]/);
});
