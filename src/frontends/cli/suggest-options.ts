import { suggest } from "#base/suggest";
import type { Problems } from "#app/problems";
import { commands } from "./commands";
import { globalOptions } from "./global-options";

/** Problems in which an option that the task does not know is likened to those of `zr run`, where it has none alike. */
export function suggestOptions(problems: Problems): Problems {
  const run = commands.find((command) => command.name === "run");
  const names = [...Object.keys(run?.options ?? {}), ...Object.keys(globalOptions)];
  return {
    ...problems,
    diagnostics: problems.diagnostics.map((diagnostic) => {
      const { name } = diagnostic.data;
      if (diagnostic.code !== "E180" || typeof name !== "string" || diagnostic.suggestions?.length) return diagnostic;
      return { ...diagnostic, suggestions: suggest(name.replace(/^--?/, ""), names).map((option) => `--${option}`) };
    }),
  };
}
