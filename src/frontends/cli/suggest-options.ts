import type { Diagnostic } from "#base/diagnostic";
import type { Problems } from "#app/problems";
import { nearOptions } from "./near-options";

/** Commands other than `zr run` know their options themselves. */
const OF_OTHER_COMMAND = /^ of 'zr (?!run')/;

/**
 * Problems in which an option that neither `zr run` nor a task knows is likened to those of `zr run`, and to those of other
 * tools. A task's own option that is alike goes before these.
 *
 * @param names long names of the options of `zr run`, without dashes.
 */
export function suggestOptions(problems: Problems, names: readonly string[]): Problems {
  return {
    ...problems,
    diagnostics: problems.diagnostics.map((diagnostic) =>
      diagnostic.code === "E180" ? likened(diagnostic, names) : diagnostic,
    ),
  };
}

function likened(diagnostic: Diagnostic, names: readonly string[]): Diagnostic {
  const { name, where } = diagnostic.data;
  if (typeof name !== "string" || OF_OTHER_COMMAND.test(String(where))) return diagnostic;
  const isOfTask = where !== " of 'zr run'";
  // A letter behind a task is more likely meant for the task's own command.
  const isKnown = isOfTask && ((diagnostic.suggestions ?? []).length > 0 || !name.startsWith("--"));
  const suggestions = isKnown ? [] : nearOptions(name, names);
  if (suggestions.length === 0) return diagnostic;
  const { hint: _, ...rest } = diagnostic;
  return { ...rest, suggestions };
}
