import { recipeRows } from "#app/operations/predict-cache";
import type { ExplainedInstance } from "#app/operations/explain";
import { visibleControls } from "./visible-text";

/** So many names of one kind are shown; `--json` has them all. */
const SHOWN = 12;

/** A key and the names of everything that it is made of, for people. */
export function recipeLines({ key, recipe }: Pick<ExplainedInstance, "key" | "recipe">): readonly string[] {
  if (recipe === undefined) return [];
  const lines = recipeRows(recipe).map(({ noun, names }) => {
    const more = names.length - SHOWN;
    const shown = more > 0 ? `${names.slice(0, SHOWN).join(", ")} and ${more} more` : names.join(", ");
    return `    ${noun.padEnd(16)}${visibleControls(shown)}`;
  });
  return [`  key   ${key ?? "known when what is before it has run"}`, ...lines];
}
