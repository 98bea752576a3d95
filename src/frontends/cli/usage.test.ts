import { describe, expect, test } from "bun:test";
import { PLAIN_THEME } from "#frontends/output/theme";
import type { CommandDefinition } from "./command";
import { globalOptions } from "./global-options";
import { helpPage } from "./help";
import { renderOverview, renderUsage } from "./usage";
import { layRows, wrap } from "./wrap";

const sample: CommandDefinition = {
  name: "graph",
  aliases: ["g"],
  summary: "Draw what depends on what",
  usage: "[TASK…]",
  section: "look",
  options: {
    format: {
      type: "enum",
      options: ["ascii", "dot", "json", "mermaid", "html"],
      alias: "f",
      default: "ascii",
      description: "Form of the drawing",
    },
    depth: { type: "string", description: "So many steps" },
    only: { type: "enum", options: ["a", "b"], description: "Which" },
    tag: { type: "string", valueHint: "TAG", repeatable: true, description: "Pick" },
    open: { type: "boolean", description: "Open it", later: "graph pages" },
  },
  words: "words",
  examples: ["zr graph build"],
  load: () => Promise.reject(new Error("help loads no command")),
};
const hidden: CommandDefinition = { ...sample, name: "complete", summary: "", aliases: [] };
const later: CommandDefinition = { ...sample, name: "serve", later: "the server", aliases: [] };

describe("the page of a command", () => {
  const page = renderUsage(sample, globalOptions, PLAIN_THEME);

  test("it shows usage, other names, options with choices, defaults and notes, and examples", () => {
    expect(page.slice(0, page.indexOf("Global options:"))).toBe(`Usage: zr graph [TASK…]

Draw what depends on what.

Other names: g

Options:
  -f, --format FORMAT  Form of the drawing (one of ascii, dot, json, mermaid,
                       html; default: ascii)
      --depth DEPTH    So many steps
      --only a|b       Which
      --tag TAG        Pick (may be given several times)
      --open           Open it (not in this version: graph pages)

Examples:
  zr graph build

`);
  });

  test("global options come last with their variables, without those that the command has itself", () => {
    const globals = page.slice(page.indexOf("Global options:"));
    expect(globals).toContain("-n, --dry-run        Show what would be done, do nothing [ZR_DRY_RUN]");
    expect(globals).not.toContain("--format FORMAT");
    expect(globals).not.toContain("[ZR_HELP]");
  });
});

test("no line of a page is wider than 80 columns", () => {
  for (const page of [
    renderOverview([sample], globalOptions, PLAIN_THEME),
    renderUsage(sample, globalOptions, PLAIN_THEME),
  ]) {
    expect(Math.max(...page.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

test("the overview lists commands by section, names those of later versions at the end, and no hidden ones", () => {
  const page = renderOverview([sample, hidden, later], globalOptions, PLAIN_THEME);
  expect(page).toContain("Look around:\n  graph, g  Draw what depends on what\n");
  expect(page).toContain("\nNot available in this version: serve\n");
  expect(page).not.toContain("complete");
});

test("a usage that is longer than a line goes on in the next, between alternatives", () => {
  const usage = `[list | get NAME | ${["one", "two", "three"].map((word) => `${word} SOME THING…`).join(" | ")} | end]`;
  const page = renderUsage({ ...sample, usage }, globalOptions, PLAIN_THEME);
  expect(page).toStartWith(`Usage: zr graph [list | get NAME | one SOME THING… | two SOME THING… |
                three SOME THING… | end]

`);
});

describe("topics", () => {
  const source = {
    table: [sample, later],
    globals: globalOptions,
    theme: PLAIN_THEME,
    laterCommand: (name: string) => (name === "tui" ? "the terminal UI" : undefined),
    taskPage: (name: string) => Promise.resolve(name === "build" ? "about build\n" : undefined),
  };
  const page = async (topic?: string) => {
    const result = await helpPage(topic, source);
    return result.ok ? result.value : result.error;
  };

  test("a command, its alias, a code, a task and nothing each have a page", async () => {
    expect(await page("g")).toStartWith("Usage: zr graph");
    expect(await page("e160")).toStartWith(
      "E160: no task '{name}'{where}\n\nThe command line asks for a task that does not exist.\n\nzr.toml:\n  [tasks.build]\n",
    );
    expect(await page("build")).toBe("about build\n");
    expect(await page()).toStartWith("Usage: zr <command>");
    expect(await page("serve")).toContain("Not available in this version (the server).");
  });

  test("what is none of them is a problem with a suggestion", async () => {
    expect(await page("grpah")).toMatchObject({
      code: "E181",
      data: { name: "grpah" },
      suggestions: ["graph"],
    });
    expect(await page("E139")).toMatchObject({ code: "E181", suggestions: expect.arrayContaining(["E130"]) });
    expect(await page("tui")).toMatchObject({
      code: "E186",
      data: { what: "zr tui", feature: "the terminal UI" },
    });
  });
});

test("words are wrapped at blanks, and a longer word keeps its own line", () => {
  expect(wrap("aa bb  cc\ndddddddd e", 5)).toEqual(["aa bb", "cc", "dddddddd", "e"]);
  expect(wrap("", 5)).toEqual([]);
});

test("a term wider than the column has a line of its own", () => {
  const rows = [
    { term: "a", text: "one" },
    { term: "x".repeat(40), text: "two" },
  ];
  expect(layRows(rows, (term) => term)).toEqual(["  a  one", `  ${"x".repeat(40)}`, "     two"]);
});
