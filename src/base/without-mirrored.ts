import type { Diagnostic, Place } from "./diagnostic";

/** A problem between two places that was found at both is told at the first of them only. */
export function withoutMirrored(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<string>();
  return diagnostics.filter(({ code, place, related }) => {
    const [other, ...more] = related ?? [];
    if (place === undefined || other === undefined || more.length > 0) return true;
    if (told.has(JSON.stringify([code, textOf(other.place), textOf(place)]))) return false;
    told.add(JSON.stringify([code, textOf(place), textOf(other.place)]));
    return true;
  });
}

const textOf = ({ file, path }: Place): string => JSON.stringify([file, path]);
