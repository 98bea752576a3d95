import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { convertProject } from "#app/operations/convert";
import { planRun } from "#app/operations/plan-run";
import { validate } from "#app/operations/validate";
import type { Converter } from "#core/migrate/conversion";
import { convertJustfile } from "#core/migrate/just/convert-justfile";
import { convertMakefile } from "#core/migrate/make/convert-makefile";
import { convertTaskfile } from "#core/migrate/taskfile/convert-taskfile";
import { writeConversion } from "#core/migrate/write-conversion";
import { readValues } from "#core/config/toml/read-values";
import { thisHost } from "#system/host";
import { JUSTFILE, MAKEFILE, TASKFILE } from "#tests/support/migration-sources";

const CONVERTERS: readonly (readonly [string, string, Converter, string])[] = [
  ["a Makefile", "Makefile", convertMakefile, MAKEFILE],
  ["a justfile", "justfile", convertJustfile, JUSTFILE],
  ["a Taskfile", "Taskfile.yml", convertTaskfile, TASKFILE],
];

/** A source with a few pieces cut out, doubled, swapped or replaced by garbage. */
const mutated = (source: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.record({
        at: fc.nat(source.length),
        length: fc.nat(40),
        kind: fc.constantFrom("cut", "double", "garbage", "break"),
        garbage: fc.string({
          unit: fc.constantFrom(..."$(){}[]:=\\\"'`#@-+%*<>|&;,.\t \nabX0é\u0000".split("")),
          maxLength: 12,
        }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((edits) => {
      let text = source;
      for (const { at, length, kind, garbage } of edits) {
        const part = text.slice(at, at + length);
        const added =
          kind === "cut" ? "" : kind === "double" ? part + part : kind === "break" ? `\n${part}` : garbage;
        text = text.slice(0, at) + added + text.slice(at + length);
      }
      return text;
    });

for (const [what, name, convert, source] of CONVERTERS) {
  const converted = async (text: string): Promise<void> => {
    const made = await convert({
      folder: "/p",
      wrap: false,
      reader: {
        readText: (path) =>
          Promise.resolve(path === `/p/${name}` ? { kind: "text", text } : { kind: "missing" }),
        glob: () => Promise.resolve([]),
      },
    });
    if (!made.ok) {
      expect(made.error[0]?.code).toMatch(/^E48[01]$/);
      return;
    }
    expect(made.value.converted).toBeLessThanOrEqual(made.value.total);
    for (const file of made.value.files) expect(readValues(writeConversion(file)).ok).toBe(true);
  };

  test(`converting ${what} of garbage neither throws nor gives anything but TOML`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 200 }),
          fc.string({ unit: fc.constantFrom(..."$(){}[]:=\\\"'`#@-+%\t \nab,".split("")), maxLength: 200 }),
        ),
        converted,
      ),
      { numRuns: 300 },
    );
  });

  test(`converting ${what} with pieces cut, doubled and replaced neither throws nor gives anything but TOML`, async () => {
    await fc.assert(fc.asyncProperty(mutated(source), converted), { numRuns: 100 });
  });
}

test("names that double each other end soon in every tool's file", async () => {
  const names = Array.from({ length: 60 }, (_, index) => index + 1);
  const sources: readonly (readonly [string, Converter, string])[] = [
    [
      "Makefile",
      convertMakefile,
      `A0 = x $(shell y)\n${names.map((n) => `A${n} = $(A${n - 1})$(A${n - 1})\n`).join("")}S = $(S)$(S)\na:\n\techo $(A60) $(S)\n`,
    ],
    [
      "justfile",
      convertJustfile,
      `a0 := "x"\n${names.map((n) => `a${n} := a${n - 1} + a${n - 1}\n`).join("")}b:\n    echo {{a60}}\n`,
    ],
    [
      "Taskfile.yml",
      convertTaskfile,
      `version: '3'\nvars:\n  A0: x\n${names.map((n) => `  A${n}: '{{.A${n - 1}}}{{.A${n - 1}}}'\n`).join("")}tasks:\n  a: echo {{.A60}}\n`,
    ],
  ];
  for (const [name, convert, text] of sources) {
    const made = await convert({
      folder: "/p",
      wrap: false,
      reader: {
        readText: (path) =>
          Promise.resolve(path === `/p/${name}` ? { kind: "text", text } : { kind: "missing" }),
        glob: () => Promise.resolve([]),
      },
    });
    expect(made.ok && made.value.report.some(({ severity }) => severity === "left-out")).toBe(true);
  }
});

/** Rules that need some of those behind them, in any order, so that many orders contradict each other. */
const rules = fc
  .array(fc.array(fc.nat({ max: 6 }), { maxLength: 4 }), { minLength: 3, maxLength: 7 })
  .map((lists) =>
    lists.map((list, index) => {
      const needed = [...new Set(list.map((step) => index + 1 + step))].filter(
        (other) => other < lists.length,
      );
      return `t${index}:${needed.map((other) => ` t${other}`).join("")}\n\ttrue\n`;
    }),
  );

test("whatever a Makefile needs in which order, the configuration is valid and every task of it can be planned", async () => {
  const folder = await mkdtemp(join(tmpdir(), "zr-orders-"));
  const host = thisHost();
  try {
    await fc.assert(
      fc.asyncProperty(rules, async (texts) => {
        await writeFile(join(folder, "Makefile"), texts.join("\n"));
        const request = { tool: "make", folder, wrap: false, force: true, dryRun: false, host } as const;
        const made = await convertProject({ ...request, load: { cwd: folder, env: {} } });
        expect(made.ok && made.value.converted).toBe(texts.length);
        const valid = await validate({ cwd: folder, env: {} }, host);
        expect(valid.diagnostics).toEqual([]);
        for (const [index] of texts.entries()) {
          const planned = await planRun({
            host,
            cwd: folder,
            words: [`t${index}`],
            extra: [],
            only: false,
            env: {},
            vars: {},
            isTerminal: false,
          });
          expect(planned.ok ? "" : planned.error.diagnostics.map(({ code }) => code)).toBe("");
        }
      }),
      { numRuns: 40 },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
