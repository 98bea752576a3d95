import type { ReportItem } from "./conversion";
import type { SourcePlace } from "./conversion-report";
import type { Pieces } from "./pieces";

/**
 * Variables that can be given on the other tool's command line with an effect that `zr run --set X=…` does not have,
 * since their values were looked at when the file was converted.
 */
export class LostOverrides {
  readonly #places = new Map<string, SourcePlace>();
  /** Those whose values are made of others. */
  readonly #made = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #replaced = new Set<string>();

  /** @param isLiteral whether its value is written there as it is. */
  assigned(name: string, isLiteral: boolean, place: SourcePlace): void {
    if (!this.#places.has(name)) this.#places.set(name, place);
    if (!isLiteral) this.#made.add(name);
  }

  /** A condition, a function or the name of a file has looked at a value. */
  settle(pieces: Pieces): void {
    for (const piece of pieces) if (piece.kind === "name") this.#settled.add(piece.name);
  }

  /** A variable is written as what it is made of, and has no name of its own. */
  replace(name: string): void {
    this.#replaced.add(name);
  }

  /** Those that are lost, with where they are given a value first. `written`: names whose values are written out somewhere. */
  *lost(written: ReadonlySet<string>): Iterable<readonly [name: string, place: SourcePlace]> {
    for (const [name, place] of this.#places) {
      const isLooked = !this.#made.has(name) && (this.#settled.has(name) || written.has(name));
      if (isLooked || this.#replaced.has(name)) yield [name, place];
    }
  }
}

/** What is to be said of all readings together: one note a file, at the first of its variables. */
export function lostOverridesReport(
  readings: readonly LostOverrides[],
  { written, tool }: { readonly written: ReadonlySet<string>; readonly tool: string },
): readonly ReportItem[] {
  const places = new Map<string, SourcePlace>();
  for (const reading of readings)
    for (const [name, place] of reading.lost(written)) if (!places.has(name)) places.set(name, place);
  const byFile = Map.groupBy(
    [...places].toSorted(([, a], [, b]) => a.line - b.line),
    ([, { file }]) => file,
  );
  return [...byFile].map(([file, found]): ReportItem => {
    const [[first = "", { line } = { line: 1 }] = [], ...others] = found;
    return {
      file,
      line,
      severity: "note",
      what: [first, ...others.map(([name, place]) => `${name} (line ${place.line})`)].join(", "),
      why: `what conditions, functions and other values make of it is decided now: '${tool} ${first}=…' has no equal there`,
    };
  });
}
