import type { Diagnostic, Place } from "#base/diagnostic";
import { err, ok } from "#base/result";
import { checkValue } from "./check";
import type { ConfigReader, FileText } from "./config-reader";
import { document } from "./schema/sections";
import type { ConfigDocument } from "./schema/sections";
import type { ReadFailure } from "./toml/read-failure";
import { readValues } from "./toml/read-values";
import { withoutFaults } from "./without-faults";

/** A file that is no TOML. Why and where is worked out by a slower reader, when somebody wants to see it. */
export interface UnreadFile {
  readonly file: string;
  readonly failure: ReadFailure;
}

/** The configuration files that a load has read, each once, and everything that was wrong with them. */
export class ConfigDocuments {
  readonly diagnostics: Diagnostic[] = [];
  readonly texts = new Map<string, string>();
  readonly unread: UnreadFile[] = [];
  readonly #reader: ConfigReader;
  readonly #reads = new Map<string, Promise<FileText>>();
  readonly #documents = new Map<string, ConfigDocument>();

  constructor(reader: ConfigReader) {
    this.#reader = reader;
  }

  /** The text of a file. Asked for twice, it is read once; asked for early, it is there when it is needed. */
  read(path: string): Promise<FileText> {
    let reading = this.#reads.get(path);
    if (reading === undefined) {
      reading = this.#reader.readText(path);
      this.#reads.set(path, reading);
    }
    return reading;
  }

  /** The same for a file that most people don't have: where it can't be looked at, it is missing. */
  readIfThere(path: string): Promise<FileText> {
    const known = this.#reads.get(path);
    if (known !== undefined || this.#reader.isThere?.(path) !== false) return known ?? this.read(path);
    const missing = Promise.resolve({ kind: "missing" as const });
    this.#reads.set(path, missing);
    return missing;
  }

  /** Whether a file is there, as far as a look can tell; undefined where nobody looks. */
  isThere(path: string): boolean | undefined {
    return this.#reader.isThere?.(path);
  }

  /** The checked values of a file; undefined where there is nothing to go on with. Each file is parsed once. */
  parse(path: string, text: FileText): ConfigDocument | undefined {
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    if (text.kind === "missing") return undefined;
    if (text.kind === "folder") return this.report("E151", { path });
    if (text.kind === "unreadable") return this.report("E150", { path, reason: text.reason });
    this.texts.set(path, text.text);
    const read =
      text.isUtf8 === false
        ? err({ kind: "encoding" } as const)
        : text.values === undefined
          ? readValues(text.text)
          : ok(text.values);
    if (!read.ok) {
      this.unread.push({ file: path, failure: read.error });
      return undefined;
    }
    const problems = checkValue(document, read.value, path);
    this.diagnostics.push(...problems);
    // The checker has just held the value against the schema that this type is derived from; where it found problems,
    // the diagnostics stop the command before the value is used for more than finding further problems.
    const checked = (
      problems.length === 0 ? read.value : withoutFaults(document, read.value, problems)
    ) as ConfigDocument;
    this.#documents.set(path, checked);
    return checked;
  }

  /** The file that a document is of. */
  pathOf(own: ConfigDocument): string | undefined {
    for (const [path, known] of this.#documents) if (known === own) return path;
    return undefined;
  }

  glob(pattern: string, folder: string): Promise<readonly string[]> {
    return this.#reader.glob(pattern, folder);
  }

  report(code: string, data: Diagnostic["data"], place?: Place): undefined {
    this.diagnostics.push({ code, severity: "error", data, ...(place === undefined ? {} : { place }) });
  }
}
