import { TomlStop } from "./toml-stop";
import { isTomlTable, type OpenTable, ownValue, putValue, type TomlTable, type TomlValue } from "./values";

/**
 * How a table came to be, which decides what may still be added to it:
 * `implied` by a longer header (may get its own header once), `header` (by its own header), `dotted` (by a dotted key,
 * may be extended by dotted keys and get sub-tables by headers), `inline` (closed).
 */
type Origin = "implied" | "header" | "dotted" | "inline";

/** The tables of a document under construction, with TOML's rules on what may be defined where. */
export class TableBuilder {
  readonly root: OpenTable = {};
  /** The table that the last header opened. */
  current: OpenTable = this.root;
  currentDepth = 0;
  readonly #origins = new Map<TomlTable, Origin>();
  readonly #arraysOfTables = new Map<TomlValue, OpenTable[]>();

  /** `[a.b.c]` */
  openTable(keys: readonly string[]): void {
    const { parent, last } = this.#walk(keys);
    const known = ownValue(parent, last);
    if (known === undefined) this.current = this.#create(parent, last, "header");
    else if (isTomlTable(known) && this.#origins.get(known) === "implied") {
      this.#origins.set(known, "header");
      this.current = known as OpenTable; // Every table in the result was made here.
    } else throw new TomlStop(`'${last}' is defined twice`);
    this.currentDepth = keys.length;
  }

  /** `[[a.b.c]]` */
  openArrayElement(keys: readonly string[]): void {
    const { parent, last } = this.#walk(keys);
    const known = ownValue(parent, last);
    const items = known === undefined ? [] : this.#arraysOfTables.get(known);
    if (items === undefined) throw new TomlStop(`'${last}' is defined twice`);
    if (known === undefined) {
      putValue(parent, last, items);
      this.#arraysOfTables.set(items, items);
    }
    this.current = {};
    items.push(this.current);
    this.#origins.set(this.current, "header");
    this.currentDepth = keys.length + 1;
  }

  /** The table and key that a key/value pair written in `table` fills; makes the tables of a dotted key. */
  place(table: OpenTable, keys: readonly string[]): { readonly table: OpenTable; readonly key: string } {
    let at = table;
    for (const key of keys.slice(0, -1)) {
      const known = ownValue(at, key);
      if (known === undefined) at = this.#create(at, key, "dotted");
      else if (isTomlTable(known) && this.#origins.get(known) === "dotted")
        at = known as OpenTable; // Made here.
      else throw new TomlStop(`'${key}' is defined already`);
    }
    const key = keys.at(-1) ?? "";
    if (Object.hasOwn(at, key)) throw new TomlStop(`'${key}' is defined twice`);
    return { table: at, key };
  }

  inlineTable(): OpenTable {
    const table: OpenTable = {};
    this.#origins.set(table, "inline");
    return table;
  }

  #walk(keys: readonly string[]): { readonly parent: OpenTable; readonly last: string } {
    let parent = this.root;
    for (const key of keys.slice(0, -1)) {
      const known = ownValue(parent, key);
      const element = known === undefined ? undefined : this.#arraysOfTables.get(known)?.at(-1);
      if (known === undefined) parent = this.#create(parent, key, "implied");
      else if (element !== undefined) parent = element;
      else if (isTomlTable(known) && this.#origins.get(known) !== "inline")
        parent = known as OpenTable; // Made here.
      else throw new TomlStop(`'${key}' can't be extended`);
    }
    return { parent, last: keys.at(-1) ?? "" };
  }

  #create(parent: OpenTable, key: string, origin: Origin): OpenTable {
    const table: OpenTable = {};
    putValue(parent, key, table);
    this.#origins.set(table, origin);
    return table;
  }
}
