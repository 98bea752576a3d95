/** The arguments of an operation, after they have been checked by its schema. */
export class OperationInput {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#own(name);
    return typeof value === "string" ? value : undefined;
  }

  /** One that the schema requires. */
  needed(name: string): string {
    return this.text(name) ?? "";
  }

  number(name: string): number | undefined {
    const value = this.#own(name);
    return typeof value === "number" ? value : undefined;
  }

  isOn(name: string): boolean {
    return this.#own(name) === true;
  }

  texts(name: string): readonly string[] {
    const value = this.#own(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** A table of texts; numbers and truth values in it count as the texts that they are written as. */
  table(name: string): Readonly<Record<string, string>> {
    const value = this.#own(name);
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }
}
