import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { NamedFiles, sha256 } from "#system/cas/blob-folder";
import { AT_ONCE_BYTES, packBytes, unpackBytes } from "#system/cas/packed-bytes";
import { packFile, unpackFile } from "#system/cas/packed-file";
import { prepareStore } from "#system/cas/store-folder";
import { besideOf, moveTo, placeBytes, removeFile } from "#system/cas/place-output";
import { readBytesAtOnce } from "#system/fs/read-at-once";
import { decodeActionResult, encodeActionResult } from "./action-result";
import { EMPTY_DIGEST, manifestText, parseManifest } from "./cache-manifest";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type { ReportNotice } from "./cache-store";
import { actionOf, decodeManifest, encodeManifest, heldBytes, manifestRef } from "./manifest-blob";

/** A manifest up to this size stands in its entry: a file less to make and to read. */
const HELD_BYTES = 64 * 1024;

/** A content that has been stored. */
export interface StoredContent {
  /** SHA-256 of the plain content. */
  readonly plainDigest: string;
  /** Undefined for the empty content, which needs none. */
  readonly blob: StoredBlob | undefined;
  readonly plainSize: number;
}

/**
 * Entries in one folder of this machine, in the layout of the Bazel remote cache: action results in `ac/`, blobs in `cas/`,
 * both in folders by the first two letters. A blob's name is the SHA-256 of its bytes as stored. Every read checks that;
 * what is damaged is removed, reported and as good as not there. Methods that write throw the system's errors.
 */
export class LocalStore {
  readonly folder: string;
  readonly actions: NamedFiles;
  readonly blobs: NamedFiles;
  readonly #report: ReportNotice;
  #pack: { readonly digest: string; readonly whole: Uint8Array } | undefined;

  private constructor(folder: string, report: ReportNotice) {
    this.folder = folder;
    this.#report = report;
    this.actions = new NamedFiles(`${folder}/ac`, `${folder}/tmp`);
    this.blobs = new NamedFiles(`${folder}/cas`, `${folder}/tmp`);
  }

  /** @param folder absolute; made where it is missing. The error is the system's reason. */
  static open(folder: string, report: ReportNotice): Result<LocalStore, string> {
    const problem = prepareStore(folder);
    return problem === undefined ? ok(new LocalStore(folder, report)) : err(problem);
  }

  /** One that is open already, perhaps in another thread. */
  static of(folder: string, report: ReportNotice): LocalStore {
    return new LocalStore(folder, report);
  }

  /** The manifest under a key, which counts as used where nothing else is said. */
  read(key: string, { isUse }: { readonly isUse: boolean } = { isUse: true }): CacheManifest | undefined {
    try {
      if (isUse && this.actions.touch(key) === undefined) return undefined;
      const manifest = this.#readManifest(key);
      if (typeof manifest === "object") return manifest;
      this.discardEntry(key, manifest);
    } catch (error) {
      this.#report({
        level: "detail",
        text: `the entry ${key} of the cache can't be read: ${reasonOf(error)}`,
      });
    }
    return undefined;
  }

  /** Whether there is an entry under a key, whatever is in it. It counts as used. */
  has(key: string): boolean {
    try {
      return this.actions.touch(key) !== undefined;
    } catch (error) {
      reasonOf(error);
      return false;
    }
  }

  #readManifest(key: string): CacheManifest | string {
    const bytes = this.actions.read(key);
    const action = bytes === undefined ? undefined : decodeActionResult(bytes);
    const ref = action === undefined ? undefined : manifestRef(action);
    if (ref === undefined) return "it is no action result with a manifest";
    const blob = ref.contents === undefined ? this.readVerified(ref.digest) : heldBytes(ref);
    const decoded = blob === undefined ? undefined : decodeManifest(blob);
    const manifest = decoded === undefined ? undefined : parseManifest(decoded.text);
    if (manifest?.result.key !== key) return "its manifest is damaged or gone";
    // The action result has no digest of its own: it has to be the one that the manifest makes.
    const own = { ...ref, size: blob?.length ?? 0 };
    const isOwn = bytes !== undefined && isSame(bytes, encodeActionResult(actionOf(manifest, own)));
    return isOwn ? manifest : "it is not what its manifest makes";
  }

  /** Makes an entry visible. Its blobs are there already. */
  write(manifest: CacheManifest): void {
    const bytes = encodeManifest(manifestText(manifest));
    const own = { digest: sha256(bytes), size: bytes.length };
    const isHeld = bytes.length <= HELD_BYTES;
    if (!isHeld && !this.blobs.has(own.digest)) this.blobs.write(own.digest, bytes);
    const action = actionOf(manifest, isHeld ? { ...own, contents: bytes } : own);
    this.actions.write(manifest.result.key, encodeActionResult(action));
  }

  /** Stores bytes and says what they are called. */
  storeBytes(plain: Uint8Array): StoredContent {
    const plainDigest = sha256(plain);
    if (plain.length === 0) return { plainDigest, plainSize: 0, blob: undefined };
    const { packing, bytes } = packBytes(plain);
    const digest = packing === "plain" ? plainDigest : sha256(bytes);
    if (!this.blobs.has(digest)) this.blobs.write(digest, bytes);
    const blob: StoredBlob = { digest, size: bytes.length, encoding: packing, plainSize: plain.length };
    return { plainDigest, plainSize: plain.length, blob };
  }

  /** Stores the content of a file. */
  async storeFile(path: string, size: number): Promise<StoredContent> {
    if (size <= AT_ONCE_BYTES) return this.storeBytes(readBytesAtOnce(path));
    const temporary = this.blobs.temporary();
    try {
      const { plainDigest, plainSize, digest, size: stored, packing } = await packFile(path, temporary);
      if (plainSize === 0) return { plainDigest: EMPTY_DIGEST, plainSize, blob: undefined };
      if (!this.blobs.has(digest)) this.blobs.adopt(temporary, digest);
      return { plainDigest, plainSize, blob: { digest, size: stored, encoding: packing, plainSize } };
    } finally {
      removeFile(temporary);
    }
  }

  /** Stores contents of moderate size in one blob, in their order. */
  storePack(plains: readonly Uint8Array[]): readonly StoredContent[] {
    const whole = Buffer.concat(plains);
    if (whole.length > AT_ONCE_BYTES) return plains.map((plain) => this.storeBytes(plain));
    const { packing, bytes } = packBytes(whole);
    const digest = sha256(bytes);
    if (whole.length > 0 && !this.blobs.has(digest)) this.blobs.write(digest, bytes);
    let from = 0;
    return plains.map(({ length: size }) => {
      const plainDigest = sha256(whole.subarray(from, from + size));
      const part = { from, size };
      from += size;
      if (size === 0) return { plainDigest, plainSize: 0, blob: undefined };
      const of = { digest, size: bytes.length, encoding: packing, plainSize: whole.length };
      return { plainDigest, plainSize: size, blob: { ...of, part } };
    });
  }

  /**
   * Puts a stored content where an output belongs. False where the blob is damaged or gone; what was at `path` is then
   * as it was.
   */
  async place(
    plainDigest: string,
    blob: StoredBlob,
    { path, mode }: { path: string; mode: number },
  ): Promise<boolean> {
    if (blob.plainSize > AT_ONCE_BYTES) return this.#placeLarge(plainDigest, blob, { path, mode });
    const plain = this.readContent(plainDigest, blob);
    if (plain === undefined) return false;
    placeBytes(path, plain, mode);
    return true;
  }

  /** A content of moderate size; undefined where it is damaged or gone. */
  readContent(plainDigest: string, blob: StoredBlob): Uint8Array | undefined {
    const { part, encoding } = blob;
    const whole = part === undefined ? this.#unpack(blob) : this.#unpackPack(blob);
    const plain = part === undefined ? whole : whole?.subarray(part.from, part.from + part.size);
    // The name of a blob is the digest of a content only where it is that content as it is.
    const isChecked = part === undefined && encoding === "plain";
    return plain === undefined || isChecked || sha256(plain) === plainDigest ? plain : undefined;
  }

  #unpack({ digest, encoding, plainSize }: StoredBlob): Uint8Array | undefined {
    const stored = this.readVerified(digest);
    return stored === undefined ? undefined : unpackBytes(stored, encoding, plainSize);
  }

  /** The last one is kept: contents of the same blob are asked for one after the other. */
  #unpackPack(blob: StoredBlob): Uint8Array | undefined {
    if (this.#pack?.digest === blob.digest) return this.#pack.whole;
    const whole = this.#unpack(blob);
    if (whole !== undefined) this.#pack = { digest: blob.digest, whole };
    return whole;
  }

  async #placeLarge(
    plainDigest: string,
    { digest, size, encoding, plainSize }: StoredBlob,
    { path, mode }: { path: string; mode: number },
  ): Promise<boolean> {
    if (this.blobs.touch(digest) !== size) return false;
    const from = this.blobs.path(digest);
    const to = besideOf(path);
    try {
      const order = { from, to, mode, packing: encoding, plainDigest, plainSize, digest, size };
      if (await unpackFile(order)) {
        moveTo(to, path);
        return true;
      }
      this.discardBlob(digest);
      return false;
    } finally {
      removeFile(to);
    }
  }

  /** The bytes of a blob; undefined where it is damaged, and then removed, or not there. */
  readVerified(digest: string): Uint8Array | undefined {
    const bytes = this.blobs.read(digest);
    if (bytes === undefined || sha256(bytes) === digest) return bytes;
    this.discardBlob(digest);
    return undefined;
  }

  discardBlob(digest: string): void {
    this.#report({ level: "detail", text: `a file of the cache was damaged and is removed: cas/${digest}` });
    this.#discard(this.blobs, digest);
  }

  discardEntry(key: string, why: string): void {
    this.#report({ level: "detail", text: `the entry ${key} of the cache is removed: ${why}` });
    this.#discard(this.actions, key);
  }

  #discard(files: NamedFiles, name: string): void {
    try {
      files.remove(name);
    } catch (error) {
      // A store that may only be read keeps it, and every reader finds out again.
      this.#report({ level: "detail", text: `${name} can't be removed: ${reasonOf(error)}` });
    }
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** What the system says, for people. Throws what is no error of the system. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return error.message;
  throw error;
}
