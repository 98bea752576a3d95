import { describe, expect, test } from "bun:test";

import { needsCommand, parseExpansion, renderExpansion, renderExpansionAsync } from "./expand";

const variables: Record<string, string> = { A: "1", EMPTY: "", LONG_name2: "long" };

function expand(text: string): string {
  return renderExpansion(
    parseExpansion(text).parts,
    (name) => variables[name],
    (command) => `<${command}>\n\n`,
  );
}

describe("expansion", () => {
  test.each([
    ["plain", "plain"],
    ["$A", "1"],
    ["${A}", "1"],
    ["x$A.y", "x1.y"],
    ["$LONG_name2-z", "long-z"],
    ["$A$A", "11"],
    ["$NONE|${NONE}", "|"],
    ["${NONE:-d}", "d"],
    ["${EMPTY:-d}|${EMPTY-d}|${NONE-d}", "d||d"],
    ["${A:-d}", "1"],
    ["${NONE:-}", ""],
    ["${NONE:-${EMPTY:-$A}}", "1"],
    ["${NONE:-a b $A c}", "a b 1 c"],
    ["${NONE:-$$}", "$"],
    ["$$A", "$A"],
    ["$${A}", "${A}"],
    ["$$$A", "$1"],
    ["$$$$", "$$"],
    ["$(date)", "<date>"],
    ["a $(echo (x) ')' \")\" \\)) b", "a <echo (x) ')' \")\" \\)> b"],
    ["${NONE:-$(date)}", "<date>"],
    ["$(echo $A)", "<echo $A>"],
    ["$", "$"],
    ["a$", "a$"],
    ["$1 $. $-", "$1 $. $-"],
  ])("of %j is %j", (text, expected) => {
    expect(expand(text)).toBe(expected);
    expect(parseExpansion(text).problems).toEqual([]);
  });

  test.each([
    ["a ${A", "unclosed"],
    ["a $(x", "unclosed"],
    ["${NONE:-x", "unclosed"],
    ["${NONE:-${A}", "unclosed"],
    ["${NONE:-${A", "unclosed"],
    ["${}", "unsupported"],
    ["${1}", "unsupported"],
    ["${A:?no}", "unsupported"],
    ["${A.b}", "unsupported"],
  ])("%j is no expansion (%s) and stays as it is", (text, reason) => {
    expect(expand(text)).toBe(text);
    expect(parseExpansion(text).problems.map((problem) => problem.reason as string)).toEqual([reason]);
  });

  test("a problem points at its text", () => {
    expect(parseExpansion("ab ${A").problems[0]?.span).toEqual({ start: 3, end: 6 });
  });

  test("without commands $( ) is text", () => {
    const { parts, problems } = parseExpansion("$(rm -rf $A)", { commands: false });
    expect(renderExpansion(parts, (name) => variables[name])).toBe("$(rm -rf 1)");
    expect(problems).toEqual([]);
  });

  test("defaults inside defaults have a limit instead of an overflow", () => {
    const deep = "${N:-".repeat(20_000);
    expect(expand(deep)).toBe(deep);
    expect(parseExpansion(deep + "}".repeat(20_000)).problems.length).toBeGreaterThan(0);
  });

  test("knows when a command may be needed", () => {
    const needs = (text: string): boolean => needsCommand(parseExpansion(text).parts);
    expect(["$A", "$(x)", "${A:-$(x)}", "${A:-${B:-$(x)}}", "$$(x)"].map(needs)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test("asynchronous expansion runs only the commands whose output is used", async () => {
    const ran: string[] = [];
    const { parts } = parseExpansion("$(one) ${A:-$(two)} ${NONE:-$(three)}");
    const value = await renderExpansionAsync(
      parts,
      (name) => variables[name],
      async (command) => {
        ran.push(command);
        return `${command}!\r\n`;
      },
    );
    expect(value).toBe("one! 1 three!");
    expect(ran).toEqual(["one", "three"]);
  });
});
