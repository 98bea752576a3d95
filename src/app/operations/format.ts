import type { Diagnostic } from "#base/diagnostic";
import { basename, dirname, resolveFrom } from "#base/path";
import { err } from "#base/result";
import { configPathOf } from "#app/open-config";
import { CONFIG_NAME } from "#core/config/config-names";
import { formatToml } from "#core/config/toml/format";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import type { TomlTable, TomlValue } from "#core/config/toml/values";
import { globFiles, readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

export interface FormatRequest {
  /** Absolute. */
  readonly cwd: string;
  /** Files to format, relative to `cwd`; without any: the nearest zr.toml, zr.local.toml beside it and what they include. */
  readonly files: readonly string[];
  /** The file that stands for the nearest zr.toml. */
  readonly configPath?: string;
  /** Change nothing, only say what would change. */
  readonly check: boolean;
}

/** What came of formatting. All paths are absolute. */
export interface FormatReport {
  /** Files that were changed, or would be. */
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** Files that could not be formatted; the others are. */
  readonly problems: readonly Diagnostic[];
  /** Text of the files with problems. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Brings configuration files into zr's layout. Each is written at once or stays as it is. */
export async function formatFiles(request: FormatRequest): Promise<FormatReport> {
  const work = new Formatting(request.check);
  if (request.files.length > 0) {
    for (const file of request.files) await work.format(resolveFrom(request.cwd, file));
    return work;
  }
  const main = await configPathOf(request);
  if (main === undefined) {
    work.problems.push({ code: "E152", severity: "error", data: { cwd: request.cwd } });
    return work;
  }
  await work.formatTree(main);
  if (basename(main) === CONFIG_NAME) {
    const local = `${dirname(main)}/zr.local.toml`;
    if ((await readText(local)).kind !== "missing") await work.formatTree(local);
  }
  return work;
}

class Formatting implements FormatReport {
  readonly changed: string[] = [];
  readonly unchanged: string[] = [];
  readonly problems: Diagnostic[] = [];
  readonly texts = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #check: boolean;

  constructor(check: boolean) {
    this.#check = check;
  }

  /** A file and, in turn, what it includes. */
  async formatTree(path: string): Promise<void> {
    const text = await this.format(path);
    const values = text === undefined ? undefined : readValues(text);
    if (values === undefined || !values.ok) return;
    for (const pattern of includes(values.value)) {
      const isGlob = /[*?[{]/.test(pattern);
      const targets = isGlob
        ? await globFiles(pattern, dirname(path))
        : [resolveFrom(dirname(path), pattern)];
      for (const target of targets) await this.formatTree(target);
    }
  }

  /** @returns the text as it was read; undefined where it can't be read or was before. */
  async format(path: string): Promise<string | undefined> {
    if (this.#seen.has(path)) return undefined;
    this.#seen.add(path);
    const read = await readText(path);
    if (read.kind !== "text") {
      if (read.kind === "missing") this.#problem("E155", { path });
      else if (read.kind === "folder") this.#problem("E151", { path });
      else this.#problem("E150", { path, reason: read.reason });
      return undefined;
    }
    const { text } = read;
    // What is no UTF-8 would be written back as something else.
    const formatted = read.isUtf8 === false ? err({ kind: "encoding" } as const) : formatToml(text);
    if (!formatted.ok) {
      this.texts.set(path, text);
      this.problems.push(syntaxDiagnostic({ file: path, text }, formatted.error));
      return undefined;
    }
    if (formatted.value === text) this.unchanged.push(path);
    else await this.#change(path, formatted.value);
    return text;
  }

  async #change(path: string, text: string): Promise<void> {
    const written = this.#check ? undefined : await writeFileAtomically(path, text);
    if (written?.ok === false) this.#problem("E190", { path, reason: written.error });
    else this.changed.push(path);
  }

  #problem(code: string, data: Diagnostic["data"]): void {
    this.problems.push({ code, severity: "error", data });
  }
}

/** The patterns of `include`, which is a path, a table with a path, or a list of them. */
function includes(document: TomlTable): string[] {
  const pathOf = (entry: TomlValue | undefined): readonly string[] => {
    if (typeof entry === "string") return [entry];
    if (typeof entry !== "object" || !("path" in entry)) return [];
    return typeof entry.path === "string" ? [entry.path] : [];
  };
  const { include } = document;
  return Array.isArray(include) ? include.flatMap(pathOf) : [...pathOf(include)];
}
