import { describe, expect, test } from "bun:test";
import type { Diagnostic } from "#base/diagnostic";
import { coreDiagnosticCodes } from "#core/model/diagnostic-codes";
import { dedent } from "#tests/support/dedent";
import { expectGolden } from "#tests/support/golden";
import { diagnosticsJson } from "./diagnostic-json";
import { renderDiagnostics } from "./diagnostic-text";
import type { DiagnosticTextOptions } from "./diagnostic-text";
import { loadLook, plainLook } from "./look";
import { fillTemplate } from "./message-template";

const FILE = "/repo/zr.toml";

/** A diagnostic of code E130 on the first occurrence of `mark` in the text. */
function pointing(text: string, mark: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(mark);
  return {
    code: "E130",
    severity: "error",
    data: { role: "dependency", name: "biuld", task: "deploy" },
    place: { file: FILE, span: { start, end: start + mark.length } },
    ...more,
  };
}

function render(text: string, diagnostic: Diagnostic, options: Partial<DiagnosticTextOptions> = {}): string {
  return renderDiagnostics([diagnostic], {
    texts: new Map([[FILE, text]]),
    codes: coreDiagnosticCodes,
    root: "/repo",
    cwd: "/repo",
    look: plainLook(true),
    columns: 80,
    ...options,
  });
}

const TYPO = `${"\n".repeat(14)}deps = ["biuld"]\n`;
const TYPO_KNOWN = {
  role: "dependency",
  name: "biuld",
  task: "deploy",
  known: ["build", "build-frontend", "build-backend"],
};

describe("a diagnostic as text", () => {
  test("shows the line, the range, the guess and the names that exist", () => {
    const diagnostic = pointing(TYPO, '"biuld"', { suggestions: ["build"], data: TYPO_KNOWN });
    expect(render(TYPO, diagnostic)).toBe(
      dedent(`
      error[E130]: dependency 'biuld' of task 'deploy' does not exist
        ┌─ zr.toml:15:9
      15│ deps = ["biuld"]
        │         ^^^^^^^ did you mean 'build'?
        = tasks here: build, build-frontend, build-backend
    `),
    );
  });

  test("needs no Unicode", () => {
    const diagnostic = pointing(TYPO, '"biuld"', { suggestions: ["a", "b", "c", "d"] });
    expect(render(TYPO, diagnostic, { look: plainLook(false) })).toBe(
      dedent(`
      error[E130]: dependency 'biuld' of task 'deploy' does not exist
        -- zr.toml:15:9
      15| deps = ["biuld"]
        |         ^^^^^^^ did you mean 'a', 'b' or 'c'?
    `),
    );
  });

  test("has the same words in colour", async () => {
    const diagnostic = pointing(TYPO, '"biuld"', { suggestions: ["build"], data: TYPO_KNOWN });
    const colored = render(TYPO, diagnostic, { look: await loadLook({ color: true, unicode: true }) });
    expect(colored).toContain("\x1b[31m^^^^^^^ did you mean 'build'?\x1b[39m");
    expect(Bun.stripANSI(colored)).toBe(render(TYPO, diagnostic));
  });

  test("stands without a frame where there is no place, no span or no text", () => {
    const { place: _place, ...nowhere } = pointing("", "", { suggestions: ["build"] });
    expect(render("", nowhere)).toBe(
      "error[E130]: dependency 'biuld' of task 'deploy' does not exist\n  = did you mean 'build'?\n",
    );
    expect(render("", { ...nowhere, severity: "warning", place: { file: FILE } })).toBe(
      "warning[E130]: dependency 'biuld' of task 'deploy' does not exist\n  = in zr.toml\n  = did you mean 'build'?\n",
    );
  });

  test("names files from the working folder, and in full outside of the root", () => {
    expect(render(TYPO, pointing(TYPO, '"biuld"'), { cwd: "/repo/app" })).toContain("┌─ ../zr.toml:15:9\n");
    expect(render(TYPO, pointing(TYPO, '"biuld"'), { root: "/other", cwd: "/other" })).toContain(
      "┌─ /repo/zr.toml:15:9\n",
    );
  });

  test("shows each related place with its own line", () => {
    const other = "[tasks.x]\n";
    const text = '\n\n[tasks.x]\ncmd = "b"\n';
    const diagnostic: Diagnostic = {
      code: "E137",
      severity: "error",
      data: { what: "task", name: "x" },
      place: { file: FILE, span: { start: 9, end: 10 } },
      related: [
        { place: { file: "/repo/a.toml", span: { start: 7, end: 8 } }, message: "first here" },
        { place: { file: "/repo/gone.toml" }, message: "and there" },
      ],
    };
    const texts = new Map([
      [FILE, text],
      ["/repo/a.toml", other],
    ]);
    expect(render(text, diagnostic, { texts })).toBe(
      dedent(`
      error[E137]: task 'x' is defined twice
        ┌─ zr.toml:3:8
       3│ [tasks.x]
        │        ^ again here
        ┌─ a.toml:1:8
       1│ [tasks.x]
        │        - first here
        = and there (gone.toml)
    `),
    );
  });

  test("puts carets under what they mean, whatever stands before it", () => {
    const texts = [
      '\tdeps\t= ["biuld"]',
      'x = "日本語 🎉 e\u0301" # "biuld"',
      'x = "\x1b[31m\u202e" # "biuld"\r\nnext',
      `x = "${"a".repeat(300)}" # "biuld" ${"b".repeat(300)}`,
      `"biuld" ${"c".repeat(300)}`,
      `${"d".repeat(20_000)} "biuld"`,
    ];
    const shown = texts.map((text) =>
      render(text, pointing(text, '"biuld"', { suggestions: ["build"] }), { columns: 60 }),
    );
    expectGolden("output/diagnostic-carets.txt", shown.join("\n"));
  });

  test("marks the first line of a range over several, and one column of an empty range or at the end", () => {
    const text = "a = [\n  1,\n]\n";
    const at = (start: number, end: number): string =>
      render(text, { ...pointing(text, "["), place: { file: FILE, span: { start, end } } })
        .split("\n")
        .slice(1, -1)
        .join("\n");
    expect(at(4, 12)).toBe("  ┌─ zr.toml:1:5\n 1│ a = [\n  │     ^");
    expect(at(0, 0)).toBe("  ┌─ zr.toml:1:1\n 1│ a = [\n  │ ^");
    expect(at(13, 13)).toBe("  ┌─ zr.toml:4:1\n 4│\n  │ ^");
    expect(at(99, 120)).toBe("  ┌─ zr.toml:4:1\n 4│\n  │ ^");
  });

  test("several are apart by a blank line, and an unknown code stands for itself", () => {
    const shown = renderDiagnostics(
      [
        { code: "E999", severity: "error", data: {} },
        { code: "E186", severity: "error", data: { what: "x", feature: "y" } },
      ],
      {
        texts: new Map(),
        codes: coreDiagnosticCodes,
        root: "/",
        cwd: "/",
        look: plainLook(true),
        columns: 80,
      },
    );
    expect(shown).toBe("error[E999]: E999\n\nerror[E186]: 'x' is not available in this version (y)\n");
  });
});

test("a place in no file is not told", () => {
  const shown = renderDiagnostics([{ code: "E132", severity: "error", data: {}, place: { file: "" } }], {
    texts: new Map(),
    codes: coreDiagnosticCodes,
    root: "/",
    cwd: "/",
    look: plainLook(true),
    columns: 80,
  });
  expect(shown).not.toContain("= in");
});

test("diagnostics as data have absolute files and ranges from 1", () => {
  const diagnostic = pointing(TYPO, '"biuld"', {
    suggestions: ["build"],
    related: [{ place: { file: "/repo/other.toml" }, message: "there" }],
  });
  expect(
    diagnosticsJson([diagnostic], { texts: new Map([[FILE, TYPO]]), codes: coreDiagnosticCodes }),
  ).toEqual([
    {
      code: "E130",
      severity: "error",
      message: "dependency 'biuld' of task 'deploy' does not exist",
      file: FILE,
      range: { start: { line: 15, column: 9 }, end: { line: 15, column: 16 } },
      suggestions: ["build"],
      related: [{ message: "there", file: "/repo/other.toml" }],
    },
  ]);
});

test("a template takes texts, numbers and lists, shows control characters and leaves what it does not know", () => {
  expect(fillTemplate("{a} {b} {c} {d} {toString}", { a: "x\x1b", b: 2, c: ["p", "q"] })).toBe(
    String.raw`x\x1b 2 p, q {d} {toString}`,
  );
});
