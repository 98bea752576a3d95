import { isTable, isTextList } from "#base/value-at";
import type { StoredOutput } from "#core/model/cache";
import { factsOf } from "#system/cas/file-facts";
import type { FileFacts } from "#system/cas/file-facts";
import type { KnownResult } from "./cache-store";
import { replaceFile } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";
import { ensurePrivateFolder } from "#system/fs/private-folder";

/** Path, size, mtime, ctime, inode, mode of an output or a folder that was searched. */
type Row = readonly [string, number, number, number, number, number];

/** What a checkout knows of the outputs of one instance: as long as it holds, they are those of the result. */
export interface OutputsSeen {
  /** Key of the result. */
  readonly key: string;
  readonly outputsDigest: string;
  /** Digest of the patterns and the place that they were searched in. */
  readonly place: string;
  /** When the file system was asked; milliseconds since 1970, 0 where it was not. */
  readonly atMs: number;
  /** Absolute paths. */
  readonly files: readonly Row[];
  readonly folders: readonly Row[];
  /** Absolute paths where nothing was. */
  readonly missing: readonly string[];
  /** Of a result that has no log. */
  readonly known?: KnownResult;
}

export type SeenRows = Pick<OutputsSeen, "files" | "folders" | "missing">;

/**
 * A file written within the coarsest step of the clock before it was looked at may have been written again since, with
 * the same times. What was that young is looked at again.
 */
const STEP_MS = 25;
/** Some file systems count in whole seconds, or two of them. */
const COARSE_STEP_MS = 2_100;

const MAX_INSTANCES = 20_000;

/**
 * What this checkout knows of its outputs: `.zr/cache/outputs.jsonl`. A hint: every use looks at the files. In each line
 * the name of an instance, a tab and an `OutputsSeen`, both as JSON: most runs ask for a few of many.
 */
export class OutputFacts {
  readonly #state: string;
  /** By the instance, as they are written. */
  #lines: Map<string, string> | undefined;
  readonly #read = new Map<string, OutputsSeen | undefined>();
  readonly #fresh = new Map<string, OutputsSeen>();

  /** @param root of the workspace, absolute. */
  constructor(root: string) {
    this.#state = `${root}/.zr`;
  }

  get(task: string): OutputsSeen | undefined {
    const fresh = this.#fresh.get(task);
    if (fresh !== undefined || this.#read.has(task)) return fresh ?? this.#read.get(task);
    this.#lines ??= this.#readLines();
    const seen = parseSeen(this.#lines.get(task));
    this.#read.set(task, seen);
    return seen;
  }

  remember(task: string, seen: OutputsSeen): void {
    this.#fresh.set(task, seen);
  }

  /** Writes what is new, beside what other runs have written meanwhile. Never fails: it is a hint. */
  async write(): Promise<void> {
    if (this.#fresh.size === 0) return;
    const lines = this.#readLines();
    for (const [task, seen] of this.#fresh) {
      lines.delete(task);
      lines.set(task, `${JSON.stringify(task)}\t${JSON.stringify(seen)}`);
    }
    const text = [...lines.values()].slice(-MAX_INSTANCES).join("\n");
    this.#fresh.clear();
    this.#read.clear();
    this.#lines = lines;
    try {
      await ensurePrivateFolder(`${this.#state}/cache`, this.#state);
      replaceFile(this.#path(), text);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  #path(): string {
    return `${this.#state}/cache/outputs.jsonl`;
  }

  #readLines(): Map<string, string> {
    const lines = new Map<string, string>();
    for (const line of (readAtOnce(this.#path()) ?? "").split("\n")) {
      const name = parsed(line.slice(0, Math.max(0, line.indexOf("\t"))));
      if (typeof name === "string") lines.set(name, line);
    }
    return lines;
  }
}

export const rowOf = (path: string, facts: FileFacts): Row => [
  path,
  facts.size,
  facts.mtimeMs,
  facts.ctimeMs,
  facts.inode,
  facts.mode,
];

/** Whether what is at a path now is what the row says, and was already old when the row was made. */
export function isAsSeen(row: Row, atMs: number, facts: FileFacts | undefined = factsOf(row[0])): boolean {
  if (facts === undefined) return false;
  const [, size, mtimeMs, ctimeMs, inode, mode] = row;
  if (facts.mtimeMs !== mtimeMs || facts.ctimeMs !== ctimeMs || facts.inode !== inode) return false;
  if (facts.mode !== mode || (facts.kind !== "folder" && facts.size !== size)) return false;
  const step = mtimeMs % 1000 === 0 ? COARSE_STEP_MS : STEP_MS;
  return Math.max(mtimeMs, ctimeMs) < atMs - step;
}

/** Whether nothing has changed since. */
export const isAllAsSeen = ({ files, folders, missing, atMs }: OutputsSeen): boolean =>
  atMs > 0 &&
  missing.every((path) => factsOf(path) === undefined) &&
  folders.every((row) => isAsSeen(row, atMs)) &&
  files.every((row) => isAsSeen(row, atMs));

/** All paths that are looked at to see whether anything has changed. */
export const pathsOf = ({ files, folders, missing }: SeenRows): readonly string[] => [
  ...missing,
  ...[...folders, ...files].map(([path]) => path),
];

/** Rows by path, for those outputs only that the result under `digest` has. */
export function rowsByPath(seen: OutputsSeen | undefined): ReadonlyMap<string, Row> {
  return new Map(seen?.files.map((row) => [row[0], row]));
}

/** Whether an output is there as it should be, as far as can be told without its content. */
export const isAlike = (output: StoredOutput, facts: FileFacts | undefined): boolean =>
  facts !== undefined && facts.kind === output.kind && (output.kind !== "file" || facts.size === output.size);

/** Undefined where a line, with the name in front, says nothing sensible. */
function parseSeen(line: string | undefined): OutputsSeen | undefined {
  const seen = line === undefined ? undefined : parsed(line.slice(line.indexOf("\t") + 1));
  if (!isTable(seen)) return undefined;
  const { key, outputsDigest, place, atMs, files, folders, missing } = seen;
  if (typeof key !== "string" || typeof outputsDigest !== "string" || typeof place !== "string")
    return undefined;
  if (typeof atMs !== "number" || !isRows(files) || !isRows(folders) || !isTextList(missing))
    return undefined;
  const known = knownResult(seen["known"]);
  const rows = { files, folders, missing };
  return { key, outputsDigest, place, atMs, ...rows, ...(known === undefined ? {} : { known }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function knownResult(value: unknown): KnownResult | undefined {
  if (!isTable(value)) return undefined;
  const { durationMs, createdMs, meaning } = value;
  const isOne =
    typeof durationMs === "number" && typeof createdMs === "number" && typeof meaning === "string";
  return isOne ? { durationMs, createdMs, meaning } : undefined;
}

const isRows = (value: unknown): value is readonly Row[] => Array.isArray(value) && value.every(isRow);

const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length === 6 &&
  typeof row[0] === "string" &&
  row.every((cell, index) => index === 0 || typeof cell === "number");
