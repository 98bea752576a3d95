import { expect, test } from "bun:test";
import { authHeaders, parseAuth } from "./remote-auth";

const env = { TOKEN: "t0p", PASSWORD: "p:ss", ACCOUNT: "me", LINES: "a\r\nX-Evil: 1", EMPTY: " " };

test("the forms of auth take their credential from a variable", () => {
  expect(parseAuth("bearer:$TOKEN", env)).toEqual({ ok: true, value: { kind: "bearer", token: "t0p" } });
  expect(parseAuth("bearer:${TOKEN}", env)).toEqual({ ok: true, value: { kind: "bearer", token: "t0p" } });
  expect(parseAuth("basic:me:$PASSWORD", env)).toEqual({
    ok: true,
    value: { kind: "basic", user: "me", password: "p:ss" },
  });
  expect(parseAuth("key:$ACCOUNT:$TOKEN", env)).toEqual({
    ok: true,
    value: { kind: "key", account: "me", key: "t0p" },
  });
  expect(parseAuth("sas:$TOKEN", { TOKEN: "?sig=1" })).toEqual({
    ok: true,
    value: { kind: "sas", token: "sig=1" },
  });
});

test("the headers of auth are those that servers read", () => {
  expect(authHeaders({ kind: "bearer", token: "t0p" })).toEqual({ Authorization: "Bearer t0p" });
  expect(authHeaders({ kind: "basic", user: "me", password: "pä" })).toEqual({
    Authorization: "Basic bWU6cMOk",
  });
  expect(authHeaders({ kind: "header", name: "x-api-key", value: "t0p" })).toEqual({ "x-api-key": "t0p" });
  expect(authHeaders(undefined)).toEqual({});
});

test("a credential that stands in the file is refused without being repeated", () => {
  for (const text of [
    "bearer:t0p-s3cret",
    "basic:me:t0p-s3cret",
    "header:x-api-key:t0p-s3cret",
    "t0p-s3cret",
  ]) {
    const parsed = parseAuth(text, env);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain("t0p-s3cret");
  }
});

test("a variable that is not set, is empty, or would end a header is refused by its name", () => {
  expect(parseAuth("bearer:$NOPE", env)).toEqual({ ok: false, error: "the variable NOPE is not set" });
  expect(parseAuth("bearer:$EMPTY", env)).toEqual({ ok: false, error: "the variable EMPTY is not set" });
  expect(parseAuth("bearer:$toString", env)).toEqual({
    ok: false,
    error: "the variable toString is not set",
  });
  expect(parseAuth("bearer:$LINES", env)).toEqual({
    ok: false,
    error: "the variable LINES holds a line break",
  });
});

test("a form that is not known says which there are", () => {
  for (const text of [
    "",
    "bearer",
    "bearer:a:$TOKEN",
    "basic:$PASSWORD",
    "digest:$TOKEN",
    "header:a b:$TOKEN",
  ]) {
    const parsed = parseAuth(text, env);
    expect(parsed.ok ? "" : parsed.error).toContain("basic:USER:$PASSWORD");
  }
});

test("a value that no header can hold is refused by the name of its variable, where it would stand in one", () => {
  const odd = { KEY: "t\u00f6k\u00e9n\u2603" };
  const error = "the variable KEY holds a character that can't be sent in a header";
  expect(parseAuth("bearer:$KEY", odd)).toEqual({ ok: false, error });
  expect(parseAuth("header:x-api-key:${KEY}", odd)).toEqual({ ok: false, error });
  expect(parseAuth("basic:me:$KEY", odd).ok).toBe(true);
});
