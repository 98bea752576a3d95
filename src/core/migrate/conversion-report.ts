import type { ReportItem } from "./conversion";

/** Where something stands in a source file. */
export interface SourcePlace {
  /** Relative to the folder that is converted. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Gathers what the user has to know of a conversion; the same thing of the same place is told once. */
export class ConversionReport {
  readonly #items = new Map<string, ReportItem>();

  get items(): readonly ReportItem[] {
    return [...this.#items.values()];
  }

  note(place: SourcePlace, what: string, why: string): void {
    this.#add({ ...place, severity: "note", what, why });
  }

  approximated(place: SourcePlace, what: string, why: string): void {
    this.#add({ ...place, severity: "approximated", what, why });
  }

  leftOut(place: SourcePlace, what: string, why: string): void {
    this.#add({ ...place, severity: "left-out", what, why });
  }

  #add({ file, line, severity, what, why }: ReportItem): void {
    const key = JSON.stringify([file, line, severity, what, why]);
    if (!this.#items.has(key)) this.#items.set(key, { file, line, severity, what, why });
  }
}
