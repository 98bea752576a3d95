import { constantOf, textPieces, unknownIn, type Pieces } from "#core/migrate/pieces";
import { isTable, type Table } from "#base/value-at";
import type { Lookup, TemplateFiller } from "./template-filler";
import type { TemplateValue } from "./template-value";

/** Variables of several layers, the last of which counts most; evaluated when they are asked for. */
export class TaskfileVariables {
  readonly #layers: readonly Table[];
  readonly #filler: TemplateFiller;
  readonly #around: Lookup;
  readonly #known = new Map<string, TemplateValue | undefined>();
  readonly #isTask: boolean;

  /** `around`: names that are none of these layers'. `isTask`: values are of one task, and have no name of their own. */
  constructor(
    layers: readonly Table[],
    {
      filler,
      around,
      isTask,
    }: { readonly filler: TemplateFiller; readonly around: Lookup; readonly isTask: boolean },
  ) {
    this.#layers = layers;
    this.#filler = filler;
    this.#around = around;
    this.#isTask = isTask;
  }

  readonly lookup: Lookup = (name) => this.#at(name, this.#layers.length - 1);

  /** The value of a name up to a layer; what a layer says of itself, as in `{{.X | default "a"}}`, is that of the one before. */
  #at(name: string, top: number): TemplateValue | undefined {
    for (let index = top; index >= 0; index -= 1) {
      const layer = this.#layers[index];
      if (layer === undefined || !Object.hasOwn(layer, name)) continue;
      const key = `${index}:${name}`;
      if (this.#known.has(key)) return this.#known.get(key);
      this.#known.set(key, this.#at(name, index - 1));
      const value = this.#evaluate(name, layer[name], (other) =>
        other === name ? this.#at(name, index - 1) : this.lookup(other),
      );
      this.#known.set(key, value);
      return value;
    }
    return this.#around(name);
  }

  #evaluate(name: string, given: unknown, lookup: Lookup): TemplateValue {
    if (given === null || given === undefined) return [];
    if (Array.isArray(given))
      return {
        kind: "list",
        items: given.map((item) => (isTable(item) ? JSON.stringify(item) : String(item))),
      };
    if (isTable(given)) return this.#evaluateTable(name, given, lookup);
    const source = String(given);
    const list = source.includes("{{") ? this.#filler.list(source, lookup) : undefined;
    return list === undefined
      ? this.#named(name, this.#filler.fill(source, lookup))
      : { kind: "list", items: list };
  }

  #evaluateTable(name: string, given: Table, lookup: Lookup): TemplateValue {
    const { sh, ref, map, value } = given;
    if (typeof sh === "string") {
      const command = this.#filler.fill(sh, lookup);
      const failed = unknownIn(command);
      if (failed !== undefined) return [failed];
      return /^[A-Za-z_]\w*$/.test(name) && !this.#isTask
        ? [{ kind: "once", name, command }]
        : [{ kind: "run", command }];
    }
    if (typeof ref === "string") {
      const list = this.#filler.list(`{{${ref}}}`, lookup);
      return list === undefined ? this.#filler.fill(`{{${ref}}}`, lookup) : { kind: "list", items: list };
    }
    if (value !== undefined) return this.#evaluate(name, value, lookup);
    if (!isTable(map)) return [{ kind: "unknown", what: `vars: ${name}`, why: "its form has no equal" }];
    return {
      kind: "table",
      entries: Object.fromEntries(Object.entries(map).map(([key, item]) => [key, String(item)])),
    };
  }

  /** A known value has the name of its variable where it is one of the whole file. */
  #named(name: string, value: Pieces): Pieces {
    const text = constantOf(value);
    if (text === undefined) return value;
    // What it is made of keeps its names.
    if (!this.#isTask && value.some((piece) => piece.kind === "name")) {
      this.#filler.overrides.replace(name);
      return value;
    }
    if (this.#isTask || text === "" || text.includes("\n") || !/^[A-Za-z_][\w-]*$/.test(name))
      return textPieces(text);
    return [{ kind: "name", name, text }];
  }
}

/** A value of a file that a caller may give another one for. */
export function overridable(name: string, value: TemplateValue | undefined): TemplateValue | undefined {
  if (value === undefined || "kind" in value || !/^[A-Za-z_]\w*$/.test(name)) return value;
  const [only] = value;
  return only?.kind === "default" && only.name === name && value.length === 1
    ? value
    : [{ kind: "default", name, fallback: value }];
}
