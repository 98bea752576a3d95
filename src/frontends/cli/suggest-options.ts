import { suggest } from "#base/suggest";
import type { Problems } from "#app/problems";

/** Problems in which an option that a task does not know is likened to those of `zr run`, where the task has none alike. */
export function suggestOptions(problems: Problems, names: readonly string[]): Problems {
  return {
    ...problems,
    diagnostics: problems.diagnostics.map((diagnostic) => {
      const { name } = diagnostic.data;
      const isKnown = (diagnostic.suggestions ?? []).length > 0;
      if (diagnostic.code !== "E180" || typeof name !== "string" || isKnown) return diagnostic;
      return {
        ...diagnostic,
        suggestions: suggest(name.replace(/^--?/, ""), names).map((option) => `--${option}`),
      };
    }),
  };
}
