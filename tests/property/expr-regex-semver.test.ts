import { expect, test } from "bun:test";
import fc from "fast-check";
import { compileRegex, testRegex } from "#core/expr/regex/regex";
import { compareVersions, parseRange, parseVersion, satisfies } from "#core/expr/semver";

/** Patterns of the supported syntax, small enough for the runtime's backtracking engine to be the oracle. */
const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("atom"),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => a + b),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie("node"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"))
      .map(([a, quantifier]) => `(${a})${quantifier}`),
  ),
  atom: fc.constantFrom(
    "a",
    "b",
    ".",
    "\\d",
    "\\W",
    "[ab]",
    "[^a]",
    "[a-c1]",
    "^",
    "$",
    "\\b",
    "\\B",
    "é",
    "😀",
    "",
  ),
})).node;
const text = fc
  .array(fc.constantFrom("a", "b", "c", "1", " ", "\n", "é", "😀"), { maxLength: 8 })
  .map((c) => c.join(""));

test("a pattern is found where the runtime's own engine finds it", () => {
  fc.assert(
    fc.property(pattern, text, fc.boolean(), (source, subject, ignoreCase) => {
      const regex = compileRegex(ignoreCase ? `(?i)${source}` : source);
      const found = regex.ok ? testRegex(regex.value, subject) : regex.error;
      expect(found).toBe(new RegExp(source, ignoreCase ? "ui" : "u").test(subject));
    }),
    { numRuns: 3000 },
  );
});

test("reading any text as a pattern gives a pattern or a reason, and a pattern the runtime accepts too", () => {
  const wild = fc.string({ unit: fc.constantFrom(..."ab(|)*+?{}[]^$.\\-1,:<!=diu"), maxLength: 12 });
  fc.assert(
    fc.property(wild, (source) => {
      const regex = compileRegex(source);
      if (!regex.ok) {
        expect(regex.error).not.toBe("");
        return;
      }
      testRegex(regex.value, "ab1");
      if (!source.startsWith("(?i)") && !source.includes("\\-"))
        expect(() => new RegExp(source, "u")).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});

const number = fc.constantFrom(0, 1, 2, 10);
const pre = fc.option(fc.constantFrom("alpha", "alpha.1", "rc.2", "rc.10", "0", "1.a"), { nil: undefined });
const version = fc
  .tuple(number, number, number, pre)
  .map(([a, b, c, tag]) => `${a}.${b}.${c}${tag === undefined ? "" : `-${tag}`}`);

test("versions are ordered as the runtime orders them", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [left, right] = [parseVersion(a), parseVersion(b)];
      if (left === undefined || right === undefined) throw new Error("no version");
      expect(Math.sign(compareVersions(left, right))).toBe(Bun.semver.order(a, b));
    }),
    { numRuns: 2000 },
  );
});

const plain = fc.tuple(number, number, number).map((parts) => parts.join("."));
const partial = fc.oneof(
  plain,
  version,
  fc.tuple(number, number).map((parts) => parts.join(".")),
  number.map(String),
  number.map((major) => `${major}.x`),
);
const comparator: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("", "=", "^", "~", ">=", "<=", ">", "<"), partial)
  .map((parts) => parts.join(""));
const range = fc.oneof(
  comparator,
  fc.tuple(comparator, comparator).map((parts) => parts.join(" ")),
  fc.tuple(comparator, comparator).map((parts) => parts.join(" || ")),
  fc.tuple(plain, plain).map((parts) => parts.join(" - ")),
  fc.constant("*"),
);

test("ranges hold the versions that the runtime says they hold", () => {
  fc.assert(
    fc.property(version, range, (subject, words) => {
      const parsed = parseRange(words);
      const read = parseVersion(subject);
      if (parsed === undefined || read === undefined) throw new Error(`unread: ${words}`);
      expect(`${words} ${satisfies(read, parsed)}`).toBe(`${words} ${Bun.semver.satisfies(subject, words)}`);
    }),
    { numRuns: 3000 },
  );
});

test("what ends before a version that is not written in full ends before its pre-releases too", () => {
  const holds = (subject: string, words: string): boolean | undefined => {
    const [range, read] = [parseRange(words), parseVersion(subject)];
    return range !== undefined && read !== undefined ? satisfies(read, range) : undefined;
  };
  for (const end of ["<2", "<=1", "<2.0", "^1", "~1", "1", "1.x", "^1.0.0"])
    expect([end, holds("2.0.0-alpha", `>=2.0.0-alpha ${end}`)]).toEqual([end, false]);
  expect(holds("2.0.0-alpha", ">=2.0.0-alpha <2.0.0")).toBe(true);
  expect(holds("2.0.0-alpha", ">=2.0.0-alpha <=2")).toBe(true);
});
