import { describe, expect, test } from "bun:test";
import { compileRegex, testRegex } from "./regex";

function find(pattern: string, text: string): boolean | string | undefined {
  const regex = compileRegex(pattern);
  return regex.ok ? testRegex(regex.value, text) : regex.error;
}

describe("patterns", () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ["", "", true],
    ["b", "abc", true],
    ["^b", "abc", false],
    ["^a.c$", "abc", true],
    ["^a.c$", "a\nc", false],
    ["a{2,3}$", "baa", true],
    ["^a{2,3}$", "aaaa", false],
    ["^(?:ab|cd)+$", "abcdab", true],
    ["^(?<year>\\d{4})-\\d\\d$", "2024-01", true],
    ["[^a-c]", "abc", false],
    ["[\\w-]+", "--", true],
    ["[a\\-z]", "m", false],
    ["[\\D]", "1", false],
    ["\\bmain\\b", "the main one", true],
    ["\\bmain\\b", "domain", false],
    ["\\Bain", "main", true],
    ["\\u0041\\x42\\u{43}", "ABC", true],
    ["^\\p{Lu}\\P{Lu}$", "Éé", true],
    ["^.$", "😀", true],
    ["(?i)^ÄB[c-d]$", "äbD", true],
    ["(a*)*b", "aaab", true],
    ["(?:){3}x", "x", true],
    ["a+?b*?$", "aab", true],
    ["\\s\\S", " x", true],
    ["\\.", "a", false],
    ["^[\\^\\]]$", "]", true],
  ];
  for (const [pattern, text, expected] of rows) {
    test(`/${pattern}/ ${expected ? "is" : "is not"} in ${JSON.stringify(text)}`, () => {
      expect(find(pattern, text)).toBe(expected);
    });
  }
});

describe("a pattern is refused", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["(", "`(` without `)`"],
    [")", "`)` without `(`"],
    ["[a", "`[` without `]`"],
    ["[b-a]", "a range in `[…]` is out of order"],
    ["[\\d-z]", "a range needs two characters"],
    ["*a", "nothing to repeat before `*`"],
    ["a**", "nothing to repeat before `*`"],
    ["^*", "nothing to repeat before `*`"],
    ["a{3,2}", "the numbers of `{3,2}` are out of order"],
    ["{", "`{` needs a backslash here"],
    ["(?=a)", "look-around is not supported"],
    ["(?<!a)", "look-around is not supported"],
    ["(?x)", "unknown kind of group `(?`"],
    ["(a)\\1", "back-references are not supported"],
    ["\\q", "`\\q` means nothing"],
    ["\\", "a backslash at the end"],
    ["\\p{Nope}", "`\\p{Nope}` is no known property"],
    ["(?:a{1000}){1000}", "too large once its repetitions are written out"],
    ["(".repeat(101), "groups are nested more than 100 deep"],
    ["a".repeat(5000), "longer than 4096 characters"],
  ];
  for (const [pattern, expected] of rows) {
    test(`/${pattern.slice(0, 30)}/: ${expected}`, () => {
      expect(find(pattern, "")).toBe(expected);
    });
  }

  test("or is empty at once when its repetitions repeat nothing", () => {
    expect(find("(?:(?:){999999}){999999}", "x")).toBe(true);
  });
});

describe("hostile patterns", () => {
  test("nested repetition takes time in proportion to the text", () => {
    expect(find("^(a+)+$", `${"a".repeat(20_000)}b`)).toBe(false);
    expect(find("^(a|a)*$", `${"a".repeat(20_000)}b`)).toBe(false);
    expect(find("(.*)*(.*)*(.*)*x", "a".repeat(20_000))).toBe(false);
  });

  test("a search of too many steps has no answer", () => {
    expect(find("(?:a?){1900}b", "a".repeat(60_000))).toBeUndefined();
  });
});
