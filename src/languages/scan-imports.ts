import type { FoundImport, ImportTarget } from "./language-project";
import { maskSource } from "./source-mask";
import type { SourceGrammar } from "./source-mask";

/** One form of an import, as it is found in code whose texts are blank. */
export interface ImportForm {
  /** With the flags `d` and `g`; its first group is the specifier's place, which is blank where it is in quotes. */
  readonly pattern: RegExp;
  /** What a specifier means; undefined where it is no import to speak of, such as one of the language's own library. */
  readonly target: (specifier: string) => ImportTarget | undefined;
}

/** Finds the imports of a text by the forms that a language has for them. */
export function scanImports(
  text: string,
  grammar: SourceGrammar,
  forms: readonly ImportForm[],
): readonly FoundImport[] {
  const code = maskSource(text, grammar);
  const found = forms.flatMap(({ pattern, target }) =>
    [...code.matchAll(pattern)].flatMap((match): readonly FoundImport[] => {
      const place = match.indices?.[1];
      if (place === undefined) return [];
      const [start, end] = place;
      const specifier = text.slice(start, end);
      const meant = specifier.trim() === "" ? undefined : target(specifier);
      return meant === undefined ? [] : [{ specifier, span: { start, end }, target: meant }];
    }),
  );
  return forms.length === 1 ? found : found.sort((a, b) => a.span.start - b.span.start);
}

export const packageTarget = (...names: readonly string[]): ImportTarget => ({ kind: "package", names });
export const moduleTarget = (name: string): ImportTarget => ({ kind: "module", name });
export const fileTarget = (path: string): ImportTarget => ({ kind: "file", path });

/** The names that a pattern with the flag `g` finds in code, once each. */
export function declaredNames(text: string, grammar: SourceGrammar, pattern: RegExp): readonly string[] {
  const names = [...maskSource(text, grammar).matchAll(pattern)].map(([, name = ""]) => name);
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Comments and texts of languages that follow C. */
export const C_GRAMMAR: SourceGrammar = {
  line: ["//"],
  block: [["/*", "*/"]],
  quotes: ['"', "'"],
};
