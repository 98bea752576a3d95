import { describe, expect, test } from "bun:test";

import { compileSecretNames, secretValues } from "./secrets";

const valuesOf = (value: string): string[] => secretValues({ A: value }, ["A"]);

describe("names of secrets", () => {
  test.each([
    "DB_SECRET",
    "NPM_TOKEN",
    "API_KEY",
    "PGX_PASSWORD",
    "GCP_CREDENTIALS",
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "npm_token",
  ])("%s is one", (name) => expect(compileSecretNames()(name)).toBe(true));

  test.each(["KEY", "SECRETS", "TOKENIZER", "MY_KEYS", "KEYBOARD", "TOKEN_COUNT", "PATH"])(
    "%s is none",
    (name) => expect(compileSecretNames()(name)).toBe(false),
  );

  test("patterns take dots and brackets literally, and ! takes names out again", () => {
    const matches = compileSecretNames(["A.*", "B[x]", "*_KEY", "!PUBLIC_KEY"]);
    expect(["A.1", "AB1", "B[x]", "Bx", "X_KEY", "PUBLIC_KEY"].map(matches)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("texts to mask", () => {
  test("are the value and the forms in which output carries it", () => {
    const value = 'p/q?"s>~ é';
    const texts = valuesOf(value);
    const base64 = Buffer.from(value).toString("base64");
    for (const form of [
      value,
      base64,
      base64.replace(/=+$/, ""),
      Buffer.from(value).toString("base64url"),
      encodeURIComponent(value),
      encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
      new URLSearchParams({ v: value }).toString().slice(2),
      JSON.stringify(value).slice(1, -1),
    ]) {
      expect(texts).toContain(form);
    }
  });

  test.each([0, 1, 2, 3, 4, 5])(
    "mask the value inside the base64 of a longer text, behind %d bytes",
    (before) => {
      const secret = "correct-horse-battery";
      const whole = Buffer.from(`${"x".repeat(before)}${secret}tail`).toString("base64");
      const inner = valuesOf(secret).filter((text) => whole.includes(text));
      expect(Math.max(...inner.map((text) => text.length))).toBeGreaterThanOrEqual(
        Math.floor((secret.length * 8) / 6) - 1,
      );
    },
  );

  test.each([64, 76])("mask base64 that is broken into lines of %d", (width) => {
    const texts = valuesOf("0123456789".repeat(20));
    const whole = Buffer.from("0123456789".repeat(20)).toString("base64");
    expect(texts).toContain(whole.slice(width, 2 * width));
  });

  test("shorter than four characters there are none", () => {
    expect(valuesOf("abc")).toEqual([]);
    expect(valuesOf("abcd")).toContain("abcd");
    expect(valuesOf("true")).toContain("true");
  });

  test("of a value with several lines each line that is long enough counts, without its indentation", () => {
    const texts = valuesOf("-----BEGIN\r\n    ab12\n}\n        \n");
    expect(texts).toContain("-----BEGIN");
    expect(texts).toContain("ab12");
    expect(texts).not.toContain("}");
    expect(texts.some((text) => text.trim() === "")).toBe(false);
  });

  test("white space alone is no secret", () => {
    expect(valuesOf("        ")).toEqual([]);
  });

  test("a value that is not well-formed text is masked all the same", () => {
    expect(valuesOf("ab\uD800cd")).toContain("ab\uD800cd");
  });

  test("names that are not set give nothing", () => {
    expect(secretValues({}, ["A", "constructor"])).toEqual([]);
  });
});
