import type { Diagnostic } from "#base/diagnostic";
import type { Problems } from "#app/problems";
import { nearOptions } from "./near-options";

/** Commands other than `zr run` know their options themselves. */
const OF_OTHER_COMMAND = /^ of 'zr (?!run')/;

/**
 * Problems in which an option that neither `zr run` nor a task knows is likened to those of `zr run`, and to those of other
 * tools. A task's own option that is alike goes before these. One that `zr run` itself has is told to be an option of that.
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
  // A command beside `zr run` that takes fewer options: the one that was meant is known, and not here.
  if (names.includes(name.slice(2)))
    return { ...diagnostic, hint: "zr run has this option, this command has not" };
  const isOfTask = where !== " of 'zr run'";
  // A letter behind a task is more likely meant for the task's own command.
  const isKnown = isOfTask && ((diagnostic.suggestions ?? []).length > 0 || !name.startsWith("--"));
  const suggestions = isKnown ? [] : nearOptions(name, names);
  if (suggestions.length === 0) return diagnostic;
  const { hint: _, ...rest } = diagnostic;
  return { ...rest, suggestions };
}
