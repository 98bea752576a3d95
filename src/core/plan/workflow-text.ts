import { parseTemplate, renderTemplate } from "#core/expr/interpolate";
import type { TemplateLookup } from "#core/expr/interpolate";
import type { Interpolation, PlaceOf } from "./interpolation";

/** So that nothing in a text is read as a reference. */
const withoutReferences = (text: string): string => text.replaceAll("${", () => "$${");

/**
 * A question for a person, filled in as far as that is known before the run. What tasks share is put in only when it is
 * asked: see `withOutputs`.
 */
export function plannedQuestion(question: string, fill: Interpolation, at: PlaceOf): string {
  if (!question.includes("${")) return question;
  return parseTemplate(question)
    .parts.map((part) => {
      if (part.kind === "text") return withoutReferences(part.value);
      const reference = `\${${part.namespace}.${part.key}}`;
      return part.namespace === "output" ? reference : withoutReferences(fill.plain(reference, at));
    })
    .join("");
}

/** A planned question with what tasks have shared by now; what has shared nothing is left as written. */
export function withOutputs(question: string, output: (key: string) => string | undefined): string {
  const lookup: TemplateLookup = {
    value: (namespace, key) =>
      (namespace === "output" ? output(key) : undefined) ?? `\${${namespace}.${key}}`,
    keys: () => [],
  };
  const rendered = renderTemplate(parseTemplate(question), lookup);
  return rendered.ok ? rendered.value : question;
}
