import { converters } from "#app/converters";
import { loadWorkspace } from "#app/load-workspace";
import { readValues } from "#core/config/toml/read-values";
import type { SourceTool } from "#core/migrate/conversion";
import { writeConversion } from "#core/migrate/write-conversion";
import { reservedNames } from "#frontends/cli/commands";
import { memorySource } from "#tests/support/memory-source";
import { JUSTFILE, MAKEFILE, TASKFILE } from "#tests/support/migration-sources";
import { damaged } from "#scripts/fuzz/damage";
import { hold, textCase, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const OWN: Partial<Readonly<Record<SourceTool, readonly [string, string]>>> = {
  make: ["Makefile", MAKEFILE],
  just: ["justfile", JUSTFILE],
  task: ["Taskfile.yml", TASKFILE],
};

const PIECES: Readonly<Record<SourceTool, readonly string[]>> = {
  make: [
    "$(",
    ")",
    "${",
    "\n\t",
    ":=",
    "?=",
    "%",
    "$@",
    "$<",
    "ifeq ",
    "endif\n",
    "define x\n",
    "endef\n",
    "include ",
    "$(shell ",
    "$(call ",
    "&&",
    ".PHONY: ",
    "\\\n",
  ],
  just: [
    "{{",
    "}}",
    ":=",
    "\n    ",
    "'''",
    "`",
    "if ",
    " else ",
    "[private]\n",
    "set ",
    "import ",
    "mod ",
    "@",
    "*",
    "+",
    "(",
    ")",
    "\\\n",
  ],
  task: [
    "{{",
    "}}",
    "\n  ",
    "- ",
    ": ",
    "&a ",
    "*a",
    "<<: ",
    "|",
    ">",
    "cmds:",
    "deps:",
    "vars:",
    "includes:",
    ".A",
    " | ",
  ],
  npm: [
    "npm run ",
    " && ",
    "&",
    "npm-run-all ",
    "cross-env ",
    "{",
    "}",
    '":"',
    '","',
    '\\"',
    "run-s ",
    "$npm_package_name",
    "pre",
    "post",
  ],
  turbo: ["^", "#", "$TURBO_DEFAULT$", "dependsOn", "{", "}", "[", "]", '":"', "outputs", "//"],
  nx: ["^", "{projectRoot}", "{options.a}", "dependsOn", "{", "}", "[", "]", '":"', "nx:run-commands", "*"],
  mise: [
    "{{",
    "}}",
    "{%",
    "%}",
    "[tasks.",
    "]",
    "'''",
    '"',
    "depends",
    "run",
    "usage",
    "arg ",
    "flag ",
    "\n",
    "#MISE ",
  ],
  moon: ["@group(", "$project", "^:", "~:", ": ", "\n  ", "- ", "&a ", "*a", "extends", "{", "}", "options:"],
};

/** The reading of another tool's files; what comes out is TOML that zr can look at. */
const migration = (tool: SourceTool): FuzzTarget => ({
  name: `migrate-${tool}`,
  seeds: () => {
    const own = OWN[tool];
    return own === undefined ? [] : [{ ...textCase(""), files: { [own[0]]: own[1] } }];
  },
  make: (random, corpus) => damaged(random, corpus, PIECES[tool]),
  exercise: async ({ files }) => {
    const convert = await converters[tool]?.();
    if (convert === undefined) throw new Error(`nothing converts ${tool}`);
    const reader = memorySource(files);
    const made = await convert({ folder: "/repo", wrap: false, reader });
    if (!made.ok) {
      for (const { code } of made.error) hold(/^E48\d$/.test(code), `refused by ${code}`);
      return "refused";
    }
    const { report, converted, total } = made.value;
    hold(converted <= total, `${converted} of ${total} converted`);
    for (const { line } of report) hold(Number.isInteger(line) && line >= 1, `a report of line ${line}`);
    const texts = new Map(made.value.files.map((file) => [`/repo/${file.path}`, writeConversion(file)]));
    for (const [path, text] of texts) hold(readValues(text).ok, `${path} is no TOML:\n${text}`);
    const loaded = await loadWorkspace(
      { cwd: "/repo", env: { HOME: "/home" }, reservedNames },
      {
        readText: async (path) => {
          const text = texts.get(path);
          return text === undefined ? reader.readText(path) : { kind: "text", text };
        },
        glob: reader.glob,
      },
    );
    return loaded.ok ? "accepted" : "converted";
  },
});

export const migrations: readonly FuzzTarget[] = (
  ["make", "just", "task", "npm", "turbo", "nx", "mise", "moon"] as const
).map(migration);
