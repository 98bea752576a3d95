import { isCount, isTable } from "#base/value-at";
import type { KeyPart, KeyPartKind, StoredOutput, StoredResult } from "#core/model/cache";
import { AT_ONCE_BYTES } from "#system/cas/packed-bytes";
import type { BlobRef } from "./action-result";

/** How a blob's bytes are made from the plain content. */
export type BlobEncoding = "plain" | "zstd";

/** Where a content lies. */
export interface StoredBlob extends BlobRef {
  readonly encoding: BlobEncoding;
  /** Of what the whole blob is made of. */
  readonly plainSize: number;
  /** Where the content lies in that, where the blob holds several. */
  readonly part?: { readonly from: number; readonly size: number };
}

/** Bytes of the content that a blob is looked at for. */
export const contentSize = ({ plainSize, part }: StoredBlob): number => part?.size ?? plainSize;

/** The blob that says what zr needs to know beyond an action result. */
export interface CacheManifest {
  readonly result: StoredResult;
  /** By the digest of the plain content; the log is among them. Nothing for empty contents. */
  readonly blobs: ReadonlyMap<string, StoredBlob>;
}

/** Name under which an action result refers to the manifest. */
export const MANIFEST_PATH = ".zr/manifest";

/** Bytes of the largest manifest that is read, and outputs of the largest entry. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
export const MAX_OUTPUTS = 200_000;
/** Of one file and of one entry: more is no result but an attack on the disk. */
const MAX_FILE_BYTES = 64 * 1024 ** 3;
export const MAX_ENTRY_BYTES = 256 * 1024 ** 3;
/** Of a blob that holds several contents: it is read whole for each group of them. */
const MAX_PACK_BYTES = AT_ONCE_BYTES;

/** Always the same text for the same result. */
export function manifestText({ result, blobs }: CacheManifest): string {
  const sorted = [...blobs].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.map(([plain, { digest, size, encoding, plainSize, part }]) => [
    plain,
    digest,
    size,
    encoding,
    plainSize,
    ...(part === undefined ? [] : [part.from, part.size]),
  ]);
  return JSON.stringify({ v: 1, result, blobs: rows });
}

/** Undefined for a text that is no manifest, and for one that would leave its place or fill the disk. */
export function parseManifest(text: string): CacheManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isTable(value) || value["v"] !== 1 || !Array.isArray(value["blobs"])) return undefined;
  const result = storedResult(value["result"]);
  if (result === undefined) return undefined;
  const blobs = new Map<string, StoredBlob>();
  for (const row of value["blobs"]) {
    const blob = storedBlob(row);
    if (blob === undefined) return undefined;
    blobs.set(...blob);
  }
  const manifest = { result, blobs };
  return isConsistent(manifest) ? manifest : undefined;
}

function storedBlob(row: unknown): [string, StoredBlob] | undefined {
  if (!Array.isArray(row)) return undefined;
  const [plain, digest, size, encoding, plainSize, from, length]: readonly unknown[] = row;
  if (!isDigest(plain) || !isDigest(digest) || !isCount(size) || !isCount(plainSize)) return undefined;
  if (encoding !== "plain" && encoding !== "zstd") return undefined;
  if (encoding === "plain" && size !== plainSize) return undefined;
  if (plainSize > MAX_FILE_BYTES || size > MAX_FILE_BYTES) return undefined;
  const blob = { digest, size, encoding, plainSize } as const;
  if (from === undefined && length === undefined)
    return encoding === "plain" && digest !== plain ? undefined : [plain, blob];
  if (!isCount(from) || !isCount(length) || from + length > plainSize || plainSize > MAX_PACK_BYTES)
    return undefined;
  return [plain, { ...blob, part: { from, size: length } }];
}

/** Every content has a blob of its size, no path stands twice or below a file or a link, and the sum is bounded. */
function isConsistent({ result, blobs }: CacheManifest): boolean {
  const leaves = new Set<string>();
  let total = 0;
  let before: string | undefined;
  for (const { path, kind, size, digest } of result.outputs) {
    if (before !== undefined && path <= before) return false;
    before = path;
    leaves.add(path);
    total += size;
    const blob = kind === "file" && size > 0 ? blobs.get(digest) : undefined;
    if (kind === "file" && size > 0 && (blob === undefined || contentSize(blob) !== size)) return false;
  }
  for (const { path } of result.outputs)
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1))
      if (leaves.has(path.slice(0, cut))) return false;
  return total <= MAX_ENTRY_BYTES && (result.log === undefined || blobs.has(result.log));
}

function storedResult(value: unknown): StoredResult | undefined {
  if (!isTable(value)) return undefined;
  const { v, key, task, outputs, outputsDigest, log, recipe, durationMs, createdMs } = value;
  if (v !== 1 || !isDigest(key) || typeof task !== "string" || !isDigest(outputsDigest)) return undefined;
  if (!Array.isArray(outputs) || outputs.length > MAX_OUTPUTS) return undefined;
  if (!isAmount(durationMs) || !isAmount(createdMs) || (log !== undefined && !isDigest(log)))
    return undefined;
  const parts = recipeParts(recipe);
  const read = outputs.map(storedOutput);
  if (parts === undefined || !read.every((output) => output !== undefined)) return undefined;
  return {
    v,
    key,
    task,
    outputs: read,
    outputsDigest,
    ...(log === undefined ? {} : { log }),
    recipe: { v: 1, parts },
    durationMs,
    createdMs,
  };
}

function storedOutput(value: unknown): StoredOutput | undefined {
  if (!isTable(value)) return undefined;
  const { path, kind, mode, size, digest, target } = value;
  if (typeof path !== "string" || !isInnerPath(path) || !isCount(mode) || mode > 0o777) return undefined;
  if (kind === "file") {
    if (!isCount(size) || size > MAX_FILE_BYTES || !isDigest(digest)) return undefined;
    if ((size === 0) !== (digest === EMPTY_DIGEST)) return undefined;
    return { path, kind, mode, size, digest };
  }
  if (size !== 0 || digest !== "") return undefined;
  if (kind === "folder") return { path, kind, mode, size, digest };
  if (kind !== "symlink" || typeof target !== "string" || !isPlainTarget(target)) return undefined;
  return { path, kind, mode, size, digest, target };
}

const PART_KINDS: readonly KeyPartKind[] = [
  "task",
  "command",
  "env",
  "file",
  "upstream",
  "tool",
  "platform",
  "salt",
  "global",
];

function recipeParts(value: unknown): readonly KeyPart[] | undefined {
  if (!isTable(value) || value["v"] !== 1 || !Array.isArray(value["parts"])) return undefined;
  const parts: KeyPart[] = [];
  for (const part of value["parts"]) {
    if (!isTable(part)) return undefined;
    const kind = PART_KINDS.find((known) => known === part["kind"]);
    const { name, digest } = part;
    if (kind === undefined || typeof name !== "string" || typeof digest !== "string") return undefined;
    parts.push({ kind, name, digest });
  }
  return parts;
}

/** SHA-256 of nothing. */
export const EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export const isDigest = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const isAmount = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Whether a path of an output leads below its package or, behind `//`, the workspace, and to nothing of zr's or git's. */
export function isInnerPath(path: string): boolean {
  const inner = path.startsWith("//") ? path.slice(2) : path;
  if (inner === "" || /[\0\\]|^[A-Za-z]:/.test(inner)) return false;
  const parts = inner.split("/");
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && !isReserved(part));
}

/** Case-folded, as some file systems have it. */
const isReserved = (part: string): boolean => /^\.(?:zr|git)$/i.test(part);

/**
 * Whether a link can keep to the workspace: it is relative and climbs only at its beginning, so that how far it climbs can
 * be told from its text alone, whatever other links there are. {@link climbOf} says how far.
 */
export const isPlainTarget = (target: string): boolean =>
  target !== "" &&
  !/[\0\\]|^\/|^[A-Za-z]:/.test(target) &&
  !target
    .slice(climbOf(target) * 3)
    .split("/")
    .includes("..");

/** How many folders a link's target goes up. */
export function climbOf(target: string): number {
  let count = 0;
  while (target.startsWith("../", count * 3) || target.slice(count * 3) === "..") count += 1;
  return count;
}
