import { readValues } from "#core/config/toml/read-values";
import type { FolderFiles } from "./folder-view";
import { isTable } from "#base/value-at";

/** Told of a manifest that is not what its ending says. */
export type ReportUnreadable = (path: string, reason: string) => void;

const EMPTY: Readonly<Record<string, unknown>> = {};

/** The files of one folder over texts that have been read. Values are parsed when they are first asked for. */
export class ReadFolder implements FolderFiles {
  readonly dir: string;
  readonly path: string;
  readonly names: ReadonlySet<string>;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #report: ReportUnreadable;
  readonly #values = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(
    place: { readonly dir: string; readonly path: string },
    files: { readonly names: ReadonlySet<string>; readonly texts: ReadonlyMap<string, string> },
    report: ReportUnreadable,
  ) {
    this.dir = place.dir;
    this.path = place.path;
    this.names = files.names;
    this.#texts = files.texts;
    this.#report = report;
  }

  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  value(name: string): Readonly<Record<string, unknown>> {
    let value = this.#values.get(name);
    if (value === undefined) this.#values.set(name, (value = this.#parse(name)));
    return value;
  }

  #parse(name: string): Readonly<Record<string, unknown>> {
    const text = this.#texts.get(name);
    if (text === undefined) return EMPTY;
    try {
      const value = parsed(name, text.startsWith("\ufeff") ? text.slice(1) : text);
      if (isTable(value)) return value;
      this.#report(`${this.dir}/${name}`, "its value is no table");
    } catch (error) {
      this.#report(`${this.dir}/${name}`, error instanceof Error ? error.message : String(error));
    }
    return EMPTY;
  }
}

function parsed(name: string, text: string): unknown {
  if (name.endsWith(".json")) return name.startsWith("deno.") ? Bun.JSONC.parse(text) : JSON.parse(text);
  if (name.endsWith(".jsonc")) return Bun.JSONC.parse(text);
  if (name.endsWith(".yaml")) return text.trim() === "" ? EMPTY : Bun.YAML.parse(text);
  const read = readValues(text);
  if (read.ok) return read.value;
  throw new Error(read.error.kind === "syntax" ? read.error.reason : read.error.kind);
}
