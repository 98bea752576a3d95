import type { Variable } from "./expansion-host";

/** The variables of a Makefile while it is read. */
export class Variables {
  readonly #values = new Map<string, Variable>();
  /** What they were before something that counts no further. */
  #replaced: Map<string, Variable | undefined> | undefined;

  get all(): ReadonlyMap<string, Variable> {
    return this.#values;
  }

  get(name: string): Variable | undefined {
    return this.#values.get(name);
  }

  /** Sets a variable; undefined removes it. */
  set(name: string, variable: Variable | undefined): void {
    if (this.#replaced?.has(name) === false) this.#replaced.set(name, this.#values.get(name));
    if (variable === undefined) this.#values.delete(name);
    else this.#values.set(name, variable);
  }

  /** Does something whose assignments count no further. */
  apart<T>(work: () => T): T {
    const outer = this.#replaced;
    const replaced = new Map<string, Variable | undefined>();
    this.#replaced = replaced;
    const result = work();
    this.#replaced = undefined;
    for (const [name, variable] of replaced) this.set(name, variable);
    this.#replaced = outer;
    return result;
  }
}
