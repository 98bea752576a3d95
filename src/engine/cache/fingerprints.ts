import { wallMs } from "#system/clock/clock";
import { fileEntry, linkTarget } from "#system/fs/file-entry";
import type { FileEntry } from "#system/fs/file-entry";
import { filePieces } from "#system/fs/file-pieces";
import { readFor } from "#system/fs/read-trace";
import { readShared } from "#system/fs/shared-read";
import { decodeIndex, isSettled, looksSame } from "./stat-index";
import type { IndexEntry, StatIndex } from "./stat-index";

export type FingerprintKind = "xxh64" | "sha256";

/** A file from this size on is read piece by piece. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** What can be said of the content of a path. */
export type Fingerprint =
  | { readonly kind: "file"; readonly digest: string; readonly isExecutable: boolean; readonly size: number }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "folder" }
  | { readonly kind: "missing" }
  /** A pipe or a device, or a file that can't be read. */
  | { readonly kind: "unreadable" };

const FOLDER: Fingerprint = { kind: "folder" };
const MISSING: Fingerprint = { kind: "missing" };
const UNREADABLE: Fingerprint = { kind: "unreadable" };

/** Digests of files, read only where they look different from when they were read before. */
export class Fingerprints {
  readonly #kind: FingerprintKind;
  readonly #index: Record<FingerprintKind, StatIndex>;
  readonly #now: () => number;
  #hasLearnt = false;
  readonly #asked = new Set<string>();

  /** @param stored what an earlier run has remembered, see `encode` */
  constructor(kind: FingerprintKind, stored?: Uint8Array, now: () => number = wallMs) {
    this.#kind = kind;
    this.#now = now;
    this.#index = { xxh64: new Map(), sha256: new Map() };
    const known = stored === undefined ? undefined : decodeIndex(stored);
    for (const [name, entry] of known ?? []) {
      const of: FingerprintKind = entry.fingerprint.length === 64 ? "sha256" : "xxh64";
      this.#index[of].set(name.slice(2), entry);
    }
  }

  /** Of a small file or one that is known, at once; a large one takes its time. */
  of(path: string, kind: FingerprintKind = this.#kind): Fingerprint | Promise<Fingerprint> {
    const before = readFor("inputs");
    const print = this.#look(path, kind);
    readFor(before);
    return print;
  }

  #look(path: string, kind: FingerprintKind): Fingerprint | Promise<Fingerprint> {
    const entry = fileEntry(path);
    if (entry === undefined) return MISSING;
    if (entry.kind === "folder") return FOLDER;
    if (entry.kind === "other") return UNREADABLE;
    if (entry.kind === "symlink") {
      const target = linkTarget(path);
      return target === undefined ? MISSING : { kind: "symlink", target };
    }
    this.#asked.add(path);
    const known = this.#index[kind].get(path);
    if (known !== undefined && looksSame(known, entry)) return fileOf(known.fingerprint, entry);
    const readAtMs = this.#now();
    if (entry.size >= LARGE_BYTES) return this.#large(path, { entry, kind, readAtMs });
    const bytes = readShared(path);
    if (bytes === undefined) return UNREADABLE;
    return this.#learn(path, digestOf(bytes, kind), { entry, kind, readAtMs });
  }

  /** The settled part of what is known, for another run; undefined where an earlier one knew the same. */
  entries(): ReadonlyMap<string, IndexEntry> | undefined {
    if (!this.#hasLearnt) return undefined;
    const all = new Map<string, IndexEntry>();
    const limit = 2 * this.#asked.size + 10_000;
    for (const [kind, letter] of LETTERS) {
      const index = this.#index[kind];
      for (const [path, entry] of index) {
        // What nobody asks for any more must not stay for ever.
        if (index.size > limit && !this.#asked.has(path)) continue;
        all.set(`${letter}:${path}`, entry);
      }
    }
    return all;
  }

  async #large(path: string, read: Reading): Promise<Fingerprint> {
    try {
      const hasher = await streamHasher(read.kind);
      for await (const chunk of filePieces(path)) hasher.update(chunk);
      return this.#learn(path, hasher.digest(), read);
    } catch {
      return UNREADABLE;
    }
  }

  #learn(path: string, digest: string, { entry, kind, readAtMs }: Reading): Fingerprint {
    const { size, mtimeMs, ctimeMs, inode } = entry;
    const isTrusted = isSettled(entry, readAtMs);
    if (isTrusted) this.#index[kind].set(path, { size, mtimeMs, ctimeMs, inode, fingerprint: digest });
    else this.#index[kind].delete(path);
    this.#hasLearnt = true;
    return fileOf(digest, entry);
  }
}

const LETTERS = [
  ["xxh64", "x"],
  ["sha256", "s"],
] as const;

interface Reading {
  readonly entry: FileEntry;
  readonly kind: FingerprintKind;
  /** Taken before the first byte was read. */
  readonly readAtMs: number;
}

const fileOf = (digest: string, { mode, size }: FileEntry): Fingerprint => ({
  kind: "file",
  digest,
  isExecutable: (mode & 0o111) !== 0,
  size,
});

/** The digest of bytes that are all there. Bun's XXH64 is that of xxhash-wasm, without its start. */
export function digestOf(bytes: Uint8Array | string, kind: FingerprintKind): string {
  return kind === "sha256"
    ? new Bun.CryptoHasher("sha256").update(bytes).digest("hex")
    : Bun.hash.xxHash64(bytes).toString(16).padStart(16, "0");
}

interface StreamHasher {
  readonly update: (chunk: Uint8Array) => void;
  readonly digest: () => string;
}

async function streamHasher(kind: FingerprintKind): Promise<StreamHasher> {
  if (kind === "sha256") {
    const hasher = new Bun.CryptoHasher("sha256");
    return { update: (chunk) => void hasher.update(chunk), digest: () => hasher.digest("hex") };
  }
  const { default: xxhash } = await import("xxhash-wasm");
  const hasher = (await xxhash()).create64();
  return {
    update: (chunk) => void hasher.update(chunk),
    digest: () => hasher.digest().toString(16).padStart(16, "0"),
  };
}

/** A fingerprint as one word of a key. Undefined where there is nothing to put into it. */
export function fingerprintText(print: Fingerprint): string | undefined {
  switch (print.kind) {
    case "file":
      return print.isExecutable ? `${print.digest}+x` : print.digest;
    case "symlink":
      return `link:${digestOf(print.target, "sha256")}`;
    case "unreadable":
      return "unreadable";
    default:
      return undefined;
  }
}
