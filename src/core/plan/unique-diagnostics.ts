import type { Diagnostic } from "#base/diagnostic";

/** Each problem once: what is wrong with a text is wrong in every instance of its task. */
export function uniqueDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics;
  const byFacts = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics)
    byFacts.set(JSON.stringify([diagnostic.code, diagnostic.data, diagnostic.place]), diagnostic);
  return [...byFacts.values()];
}
