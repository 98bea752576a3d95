import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { artifactDiagnosticCodes } from "#app/artifact-codes";
import { benchDiagnosticCodes } from "#app/bench-codes";
import { diagnosticCodes, fileDiagnosticCodes } from "#app/diagnostic-codes";
import { exampleCase } from "#app/example-case";
import { scaffoldDiagnosticCodes } from "#app/scaffold/codes";
import { splitWords } from "#base/split-words";
import { cacheDiagnosticCodes } from "#core/cache/codes";
import { hookDiagnosticCodes } from "#core/config/hook-codes";
import { tomlDiagnosticCodes } from "#core/config/toml/codes";
import { coreDiagnosticCodes } from "#core/model/diagnostic-codes";
import { packageDiagnosticCodes } from "#core/workspace/package-codes";
import { workflowDiagnosticCodes } from "#core/workspace/workflow-codes";
import { releaseDiagnosticCodes } from "#engine/release/codes";
import { languageDiagnosticCodes } from "#languages/codes";
import { expectGolden } from "#tests/support/golden";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** Tables whose codes have their goldens from diagnostics.test.ts. */
const THERE = new Set(
  [
    tomlDiagnosticCodes,
    coreDiagnosticCodes,
    fileDiagnosticCodes,
    workflowDiagnosticCodes,
    artifactDiagnosticCodes,
    hookDiagnosticCodes,
    benchDiagnosticCodes,
    packageDiagnosticCodes,
    languageDiagnosticCodes,
    cacheDiagnosticCodes,
    releaseDiagnosticCodes,
    scaffoldDiagnosticCodes,
  ].flatMap((table) => Object.keys(table)),
);

/** Codes that no example of a few lines yields, and where they are tested instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  E102: "a file that is no text",
  E103: "a file of 64 MB",
  E104: "200 brackets",
  ...of(
    "a file of the program's own state that somebody has changed",
    "E156",
    "E157",
    "E267",
    "E381",
    "E403",
  ),
  ...of("a port that is taken: graph-pages.test.ts", "E193"),
  ...of("two runs that begin alike: artifacts.test.ts", "E196"),
  ...of("an expression of 70,000 characters, a file that takes long: expr tests", "E200", "E231"),
  ...of(
    "only between tasks that run: given-references.test.ts, task-conditions.test.ts",
    "E216",
    "E238",
    "E239",
    "E240",
  ),
  ...of(
    "warnings about an environment: engine/env tests",
    "E330",
    "E331",
    "E334",
    "E336",
    "E339",
    "E341",
    "E342",
  ),
  ...of("refused before, as a name: engine/env tests", "E343"),
  ...of("depends on git's own words: environment.test.ts", "E337"),
  ...of(
    "needs a registry, a download or another program: tools-refused.test.ts",
    "E412",
    "E413",
    "E415",
    "E416",
    "E417",
    "E418",
    "E419",
    "E421",
    "E422",
    "E426",
  ),
  ...of("needs a history of git: affected.test.ts", "E361", "E362", "E363", "E364", "E366"),
  ...of(
    "asked for by a program: mcp-tools.test.ts, mcp-runs.test.ts",
    "E460",
    "E461",
    "E462",
    "E463",
    "E464",
    "E465",
    "E466",
    "E467",
  ),
  ...of("needs a machine without that program: init-from.test.ts", "E484"),
  ...of("needs a member of a workspace, a folder that can't be written: tests of setup", "E620", "E627"),
  ...of("shown by editors only: lsp.test.ts", "E440", "E441", "E442"),
  ...of(
    "needs a release site: upgrade.test.ts",
    "E561",
    "E562",
    "E563",
    "E564",
    "E565",
    "E566",
    "E567",
    "E568",
    "E569",
  ),
  ...of("needs templates of one's own: templates.test.ts", "E582", "E583", "E586", "E587", "E588", "E591"),
};

function of(why: string, ...codes: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.map((code) => [code, why]));
}

/** Codes that end a task, which tells the message without them. */
const ENDS_A_TASK: ReadonlySet<string> = new Set(["E232", "E233", "E235", "E237", "E335", "E414"]);

const cases = Object.keys(diagnosticCodes).flatMap((code) => {
  const entry = diagnosticCodes[code]!;
  const one = exampleCase(code, entry);
  return one === undefined || Object.hasOwn(ELSEWHERE, code) || THERE.has(code) ? [] : [{ code, entry, one }];
});

describe("each code of the other rooms", () => {
  test.each(cases)(
    "$code is yielded by its example, worded and placed as in its golden",
    async ({ code, one }) => {
      await using project = await makeProject({}, { env: { XDG_CONFIG_HOME: undefined } });
      for (const [path, text] of Object.entries(one.files)) await Bun.write(project.path(path), text);
      for (const command of one.before ?? []) await project.zr(...splitWords(command)).result();
      const words = splitWords(one.command);
      const result = await project.zr(...words).result();
      if (!ENDS_A_TASK.has(code)) expect(result.stderr).toContain(`error[${code}]: `);
      expect(result.code).not.toBe(0);
      const output = project
        .normalize(`${result.stdout}${result.stderr}`)
        .replaceAll(/\d{8}-\d{6}-[a-z0-9]{4}/g, "20261121-093000-ab12");
      expectGolden(`diagnostics/${code}.txt`, `$ zr ${one.command}\nexit ${result.code}\n\n${output}`);
    },
  );
});

test("every code has a golden of what it looks like, or a reason why no example of a few lines yields it", () => {
  const without = Object.keys(diagnosticCodes).filter(
    (code) => !existsSync(join(import.meta.dir, `../golden/diagnostics/${code}.txt`)),
  );
  expect(without.filter((code) => !Object.hasOwn(ELSEWHERE, code))).toEqual([]);
});

describe("zr help CODE", () => {
  test("shows the example, what zr says about it as it looks, and how it is mended", async () => {
    await using project = await makeProject({});
    const { stdout } = await project.zr("help", "e130").expect({ stdout: anything });
    expectGolden("help/E130.txt", stdout);
  });

  test("explains every code, with its message and, where there is a golden, with what zr says", async () => {
    await using project = await makeProject({});
    const { helpPage } = await import("#frontends/cli/help");
    const { loadTheme } = await import("#frontends/output/theme");
    const source = { table: [], globals: {}, theme: await loadTheme(false), laterCommand: () => undefined };
    for (const [code, entry] of Object.entries(diagnosticCodes)) {
      const page = await helpPage(code, source);
      if (!page.ok) throw new Error(`no page for ${code}`);
      expect(page.value).toStartWith(`${code}: `);
      expect(page.value).toContain(entry.doc.split(" ", 1)[0]!);
      const golden = Bun.file(join(import.meta.dir, `../golden/diagnostics/${code}.txt`));
      if (entry.example !== "" && (await golden.exists())) expect(page.value).toMatch(/\$ zr .*\n {2}\S/);
    }
    await project.zr("help", "E999").expect({ code: 2, stderr: /E181/ });
  });
});
