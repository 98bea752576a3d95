import { describe, expect, test } from "bun:test";

import { maskText } from "./mask";
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

  describe.each([64, 76])("mask base64 that is broken into lines of %d", (width) => {
    const lines = (text: string): string =>
      (
        Buffer.from(text)
          .toString("base64")
          .match(new RegExp(`.{1,${width}}`, "g")) ?? []
      ).join("\n");

    // The characters at the ends of a secret share bits with what stands beside it.
    test.each([8, 30, 57, 58, 200])("of a secret of %d bytes", (length) => {
      const secret = "q0w1e2r3t4y5u6i7o8p9".repeat(10).slice(0, length);
      expect(maskText(lines(secret), valuesOf(secret))).toMatch(/^[*\n]+\w?=*$/);
    });

    test.each([6, 12, 40, 90, 300])("of a longer text with a secret of %d bytes anywhere in it", (length) => {
      const secret = "q0w1e2r3t4y5u6i7o8p9".repeat(15).slice(0, length);
      const texts = valuesOf(secret);
      for (let before = 0; before < 80; before += 1) {
        const masked = maskText(lines(`${"\0".repeat(before)}${secret}${"\0".repeat(9)}`), texts);
        expect(masked.replaceAll(/[A\n=]/g, "")).toMatch(/^\w?\*{4,}\w?$/);
      }
    });
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
