/** A condition that only the outside can decide, as an expression of ours, and how it was taken. */
export interface Fact {
  readonly expression: string;
  readonly isTrue: boolean;
  /** Whether it was taken as it is where nothing is set. */
  readonly isUsual: boolean;
  /** No expression of ours says it: `expression` is the source text, which only tells it from others. */
  readonly isOpaque?: true;
  /** The texts that asked, one a line, where what it names may depend on other conditions. */
  readonly source?: string;
  /** Where it is asked for, and by which text. */
  readonly places?: readonly AskedPlace[];
}

export interface AskedPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A reading of another tool's file: for one system, with its open conditions taken one way. */
export interface World {
  readonly system: string;
  readonly facts: readonly Fact[];
}

/** How a file is read for a world. */
export interface WorldRequest {
  /** `linux`, `darwin`, `windows`. */
  readonly system: string;
  /** Which of the first open conditions are taken otherwise than where nothing is set; the others are not. */
  readonly departures: readonly boolean[];
  /** How conditions are taken instead of how they are where nothing is set. */
  readonly base?: ReadonlyMap<string, boolean>;
}

/** How one reading takes its open conditions: the same way for the same expression. */
export class OpenConditions {
  readonly facts: Fact[] = [];
  readonly #request: Pick<WorldRequest, "departures" | "base">;
  readonly #place: (() => Omit<AskedPlace, "text">) | undefined;

  /** @param place where the source is read now. */
  constructor(request: Pick<WorldRequest, "departures" | "base">, place?: () => Omit<AskedPlace, "text">) {
    this.#request = request;
    this.#place = place;
  }

  /** @param usual how it is where nothing is set. */
  decide(expression: string, usual = false, source?: string): boolean {
    if (expression.endsWith(" != ''"))
      return !this.decide(`${expression.slice(0, -6)} == ''`, !usual, source);
    return this.#add(expression, { usual, ...(source === undefined ? {} : { source }) });
  }

  /** A condition that no expression of ours says: what depends on it can't be converted. */
  decideOpaque(source: string, usual: boolean): boolean {
    return this.#add(source, { usual, isOpaque: true, source });
  }

  /** Nothing that is asked from now on matters, as the other tool would have stopped. */
  stop(): void {
    this.#isOver = true;
  }

  #isOver = false;

  /** What is one text is no other one. */
  #isExcluded(expression: string): boolean {
    const [, subject] = EQUALITY.exec(expression) ?? [];
    return (
      subject !== undefined &&
      this.facts.some((fact) => fact.isTrue && EQUALITY.exec(fact.expression)?.[1] === subject)
    );
  }

  #add(
    expression: string,
    { usual, ...rest }: { readonly usual: boolean } & Pick<Fact, "isOpaque" | "source">,
  ): boolean {
    const at = this.facts.findIndex((fact) => fact.expression === expression);
    const known = this.facts[at];
    if (known !== undefined) {
      const { source = "" } = known;
      const isNew = rest.source !== undefined && !source.split("\n").includes(rest.source);
      this.facts[at] = {
        ...known,
        ...(isNew ? { source: `${source}\n${rest.source ?? ""}` } : {}),
        ...this.#places(rest.source ?? expression, known.places),
      };
      return known.isTrue;
    }
    if (this.#isExcluded(expression)) return false;
    if (this.#isOver) return usual;
    const isUsual = this.#request.departures[this.facts.length] !== true;
    const isTrue = isUsual === (this.#request.base?.get(expression) ?? usual);
    this.facts.push({ expression, isTrue, isUsual, ...rest, ...this.#places(rest.source ?? expression) });
    return isTrue;
  }

  #places(text: string, before: readonly AskedPlace[] = []): Pick<Fact, "places"> {
    const place = this.#place?.();
    if (place === undefined) return {};
    const isKnown = before.some(({ file, line }) => file === place.file && line === place.line);
    return { places: isKnown ? before : [...before, { ...place, text }] };
  }
}

/** `something == 'text'`. */
const EQUALITY = /^(.+) == '(?:[^'\\]|\\.)*'$/;

/** What a reading has to tell. */
export interface Reading {
  readonly facts: readonly Fact[];
  /** Whether it has asked which system it is for. */
  readonly asksSystem: boolean;
  /**
   * What it consists of, by name: `task NAME` for tasks, the name itself for variables, `` for what all tasks have. The
   * text of a part has everything in it that it is made of. With it, conditions that have nothing to do with each other
   * are not combined.
   */
  readonly parts?: () => ReadonlyMap<string, string>;
  /** The other tool would stop at once. */
  readonly isFailed?: boolean;
}
