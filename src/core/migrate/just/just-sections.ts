import type { EnvTable } from "#core/config/schema/sections";
import type { ConvertedFile, ConvertedSections, ReportItem } from "#core/migrate/conversion";
import { envValue } from "#core/migrate/env-value";
import type { Uses } from "#core/migrate/pieces";
import type { Evaluator } from "./evaluator";
import type { JustModule } from "./load-justfiles";

interface ExportOptions {
  readonly evaluators: ReadonlyMap<JustModule, Evaluator>;
  readonly report: ReportItem[];
}

/** Variables that recipes see in their environment. */
export function exportedVariables(
  modules: readonly JustModule[],
  { evaluators, report }: ExportOptions,
): EnvTable {
  const env: Record<string, EnvTable[string]> = {};
  for (const module of modules) {
    const { justfile, path } = module;
    const isAll = justfile.settings.get("export")?.value === true;
    for (const { name, isExported, line } of justfile.assignments) {
      if (!(isExported || isAll) || !/^[A-Za-z_]\w*$/.test(name)) continue;
      const about = { file: justfile.file, line, what: `export ${name}` };
      if (path.length > 0)
        report.push({
          ...about,
          severity: "approximated",
          why: "it is exported to all tasks, not only to those of its module",
        });
      const given = envValue(evaluators.get(module)?.variable(name) ?? []);
      if (given === undefined)
        report.push({ ...about, severity: "left-out", why: "its value can't be expressed" });
      else env[name] = given;
    }
    for (const name of justfile.unexports) env[name] = false;
  }
  return env;
}

/** The sections besides tasks, with the comments of variables. */
export function sectionsOf(
  modules: readonly JustModule[],
  exported: EnvTable,
  uses: Uses,
): Pick<ConvertedFile, "sections" | "sectionComments"> {
  const once = Object.fromEntries([...uses.once].map(([name, cmd]) => [name, { cmd }]));
  const env: EnvTable = { ...once, ...exported };
  const comments: Record<string, readonly string[]> = {};
  for (const { justfile, path } of modules)
    for (const { name, comments: above } of justfile.assignments) {
      const own = path.map((part) => `${part}_`).join("") + name;
      const section = uses.vars.has(own) ? "vars" : env[own] === undefined ? undefined : "env";
      if (above.length > 0 && section !== undefined) comments[`${section}.${own}`] = above;
    }
  const global = globalOf(modules);
  return {
    sections: {
      ...(global === undefined ? {} : { global }),
      ...(uses.vars.size === 0 ? {} : { vars: Object.fromEntries(uses.vars) }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    ...(Object.keys(comments).length === 0 ? {} : { sectionComments: comments }),
  };
}

function globalOf([main]: readonly JustModule[]): ConvertedSections["global"] {
  const settings = main?.justfile.settings;
  if (main === undefined || settings === undefined) return undefined;
  const shell = settings.get("shell")?.value;
  // just's own shell ends at variables that are not set.
  const minds = main.justfile.recipes.some(({ body }) =>
    body.some(
      ({ text }, index) =>
        !(index === 0 && text.startsWith("#!")) && /\$(?:[A-Za-z_]|\{[A-Za-z_]\w*\})/.test(text),
    ),
  );
  const own =
    typeof shell === "object"
      ? { shell: isPlainShell(shell) ? (shell[0] ?? "sh") : shell }
      : minds
        ? { shell: ["sh", "-cu"] }
        : {};
  const files = ["dotenv-filename", "dotenv-path"]
    .map((name) => settings.get(name)?.value)
    .flatMap((value) => (typeof value === "string" ? [value] : typeof value === "object" ? value : []));
  const isRequired = settings.get("dotenv-required")?.value === true;
  const dotenv =
    files.length > 0
      ? { dotenv: files.map((path) => (isRequired ? path : `${path}?`)) }
      : settings.get("dotenv-load")?.value === true
        ? { dotenv: true }
        : {};
  const global = { ...own, ...dotenv };
  return Object.keys(global).length === 0 ? undefined : global;
}

const isPlainShell = (words: readonly string[]): boolean =>
  words.length === 2 && words[1] === "-c" && /^(?:sh|bash|zsh|fish)$/.test(words[0] ?? "");
