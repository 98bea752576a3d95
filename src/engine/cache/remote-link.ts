import {
  unseal,
  sealKeys,
  signatureOf,
  isSameSignature,
  seal,
  sealFile,
  unsealFile,
} from "#system/cas/sealing";
import type { SealKeys } from "#system/cas/sealing";
import { sha256 } from "#system/cas/blob-folder";
import { digestOfFile } from "#system/cas/packed-file";
import { removeFile } from "#system/cas/place-output";
import { receiveBytes, receiveFile, sendBytes, sendFile } from "#system/cas/receive-file";
import { decodeActionResult, encodeActionResult } from "./action-result";
import type { ActionResult, BlobRef } from "./action-result";
import { MANIFEST_PATH, MAX_MANIFEST_BYTES } from "./cache-manifest";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type { ReportNotice } from "./cache-store";
import type { LocalStore } from "./local-store";
import { actionOf, decodeManifest, encodeManifest, heldBytes, manifestRef } from "./manifest-blob";
import { RemoteFailure } from "./remote-cache";
import type { RemoteCache } from "./remote-cache";
import { parseSent, sentText } from "./sealed-manifest";
import type { SealedNames } from "./sealed-manifest";

/** A remote cache and how it is used. */
export interface RemoteLayer {
  readonly cache: RemoteCache;
  readonly mode: "read-write" | "read" | "write";
  /** Bytes of the largest entry that is sent. */
  readonly maxUpload?: number;
  /** Secret text: entries are encrypted with it before they leave. */
  readonly encrypt?: string;
  /** Secret text: entries are signed with it, and those that are not are misses. */
  readonly sign?: string;
}

/** An entry that a remote cache has. */
export interface RemoteEntry {
  readonly manifest: CacheManifest;
  readonly sealed: SealedNames;
}

/** So many failures in a row, and the cache is not asked any more. */
const MOST_FAILURES = 3;

/** One remote cache: what goes through is checked, signed and encrypted, and trouble ends its use, never the run. */
export class RemoteLink {
  readonly #layer: RemoteLayer;
  readonly #local: LocalStore;
  readonly #report: ReportNotice;
  readonly #keys: SealKeys | undefined;
  readonly #readingOver = Promise.withResolvers<undefined>();
  /** What the cache says it has and does not: it is sent again when it is there again. */
  readonly #lost = new Set<string>();
  #failures = 0;
  #isGivenUp = false;
  #isReadingOver = false;

  constructor(layer: RemoteLayer, local: LocalStore, report: ReportNotice) {
    this.#layer = layer;
    this.#local = local;
    this.#report = report;
    this.#keys = layer.encrypt === undefined ? undefined : sealKeys(layer.encrypt);
  }

  get isReadable(): boolean {
    return !this.#isGivenUp && !this.#isReadingOver && this.#layer.mode !== "write";
  }

  get isWritable(): boolean {
    return !this.#isGivenUp && this.#layer.mode !== "read";
  }

  /** Whoever waits for something of the cache is told that it is not there; what goes on behind ends with {@link close}. */
  stopReading(): void {
    this.#isReadingOver = true;
    this.#readingOver.resolve(undefined);
  }

  /** What the cache has under a key, if it is whole, ours where that is asked for, and for this key. */
  async find(key: string): Promise<RemoteEntry | undefined> {
    return this.#read(async ({ cache }) => {
      const message = await cache.getAction(key);
      if (message === undefined) return undefined;
      const action = decodeActionResult(message);
      const ref = action === undefined ? undefined : manifestRef(action);
      if (ref === undefined || ref.size > MAX_MANIFEST_BYTES) return this.#unusable(key, "is none of zr's");
      const stream = ref.contents === undefined ? await cache.getBlob(ref.digest, ref.size) : undefined;
      const bytes = stream === undefined ? heldBytes(ref) : await receiveBytes(stream, ref.size);
      if (bytes === undefined) return this.#unusable(key, "has lost its manifest");
      if (sha256(bytes) !== ref.digest) return this.#unusable(key, "is damaged");
      return this.#open(key, bytes);
    });
  }

  #open(key: string, bytes: Uint8Array): RemoteEntry | undefined {
    const plain = this.#keys === undefined ? bytes : unseal(bytes, this.#keys);
    if (plain === undefined) return this.#unusable(key, "was not encrypted with this key");
    const decoded = decodeManifest(plain);
    if (decoded === undefined) return this.#unusable(key, "has a manifest that can't be read");
    const { sign } = this.#layer;
    if (sign !== undefined && !isSameSignature(decoded.signature ?? "", signatureOf(sign, decoded.text)))
      return this.#unusable(key, decoded.signature === undefined ? "is not signed" : "has a wrong signature");
    const entry = parseSent(decoded.text);
    if (entry?.manifest.result.key !== key) return this.#unusable(key, "has a manifest that is not allowed");
    return entry;
  }

  #unusable(key: string, why: string): undefined {
    const text = `the entry ${key} of ${this.#layer.cache.name} is not used: it ${why}`;
    this.#report({ level: "detail", text });
    return undefined;
  }

  /** Brings one blob of an entry into the local store; false where it is not to be had. */
  async fetch({ sealed }: RemoteEntry, blob: StoredBlob): Promise<boolean> {
    const ref = this.#keys === undefined ? blob : sealed.get(blob.digest);
    if (ref === undefined) return false;
    return (await this.#read(({ cache }) => this.#get(cache, ref, blob))) ?? false;
  }

  async #get(cache: RemoteCache, ref: BlobRef, blob: StoredBlob): Promise<boolean> {
    try {
      const stream = await cache.getBlob(ref.digest, ref.size);
      const isWhole = stream !== undefined && (await this.#receive(stream, ref, blob));
      if (!isWhole) this.#lost.add(ref.digest);
      return isWhole;
    } catch (error) {
      if (error instanceof RemoteFailure && error.kind === "damaged") this.#lost.add(ref.digest);
      throw error;
    }
  }

  async #receive(stream: ReadableStream<Uint8Array>, ref: BlobRef, blob: StoredBlob): Promise<boolean> {
    const [received, opened] = [this.#local.blobs.temporary(), this.#local.blobs.temporary()];
    try {
      if (!(await receiveFile(stream, received, ref))) return false;
      if (this.#keys === undefined) {
        this.#local.blobs.adopt(received, blob.digest);
        return true;
      }
      if (!(await unsealFile(received, opened, this.#keys))) return false;
      if ((await digestOfFile(opened, blob.size)) !== blob.digest) return false;
      this.#local.blobs.adopt(opened, blob.digest);
      return true;
    } finally {
      removeFile(received);
      removeFile(opened);
    }
  }

  /** Sends an entry: what is missing of its blobs, then its manifest, then the action result that makes it visible. */
  async upload(manifest: CacheManifest): Promise<boolean> {
    const blobs = [...new Map([...manifest.blobs.values()].map((blob) => [blob.digest, blob])).values()];
    const total = blobs.reduce((sum, { size }) => sum + size, 0);
    if (total > (this.#layer.maxUpload ?? Number.POSITIVE_INFINITY)) {
      const text = `${manifest.result.task} is larger than max_upload and stays in the local cache`;
      this.#report({ level: "detail", text });
      return false;
    }
    const temporary: string[] = [];
    try {
      const sent = await this.#try(async ({ cache }) => {
        const files = await this.#prepare(blobs, temporary);
        const missing = new Set(await cache.missing([...files.values()].map(({ ref }) => ref)));
        for (const { ref, path } of files.values())
          if (missing.has(ref.digest) || this.#lost.has(ref.digest))
            await cache.putBlob(ref.digest, ref.size, () => sendFile(path));
        const refs = new Map([...files].map(([name, { ref }]) => [name, ref]));
        await this.#sendManifest(cache, manifest, refs);
        return true;
      });
      return sent ?? false;
    } finally {
      for (const path of temporary) removeFile(path);
    }
  }

  /** Where each blob lies as it is to be sent, by its name in the local store. */
  async #prepare(
    blobs: readonly StoredBlob[],
    temporary: string[],
  ): Promise<ReadonlyMap<string, { readonly ref: BlobRef; readonly path: string }>> {
    const files = new Map<string, { readonly ref: BlobRef; readonly path: string }>();
    for (const { digest, size } of blobs) {
      const path = this.#local.blobs.path(digest);
      if (this.#keys === undefined) {
        files.set(digest, { ref: { digest, size }, path });
        continue;
      }
      const to = this.#local.blobs.temporary();
      temporary.push(to);
      files.set(digest, { ref: await sealFile(path, to, { name: digest, keys: this.#keys }), path: to });
    }
    return files;
  }

  async #sendManifest(
    cache: RemoteCache,
    manifest: CacheManifest,
    refs: ReadonlyMap<string, BlobRef>,
  ): Promise<void> {
    const { sign } = this.#layer;
    const text = sentText(manifest, this.#keys === undefined ? new Map() : refs);
    const plain = encodeManifest(text, sign === undefined ? undefined : signatureOf(sign, text));
    const bytes = this.#keys === undefined ? plain : seal(plain, sha256(plain), this.#keys);
    const own = { digest: sha256(bytes), size: bytes.length };
    await cache.putBlob(own.digest, own.size, () => sendBytes(bytes));
    const byContent = new Map<string, BlobRef>();
    for (const [plainDigest, { digest }] of manifest.blobs) {
      const ref = refs.get(digest);
      if (ref !== undefined) byContent.set(plainDigest, ref);
    }
    const action = actionOf(manifest, own, byContent);
    const message = encodeActionResult(this.#keys === undefined ? action : withoutNames(action));
    await cache.putAction(manifest.result.key, message);
  }

  async #read<T>(work: (layer: RemoteLayer) => Promise<T>): Promise<T | undefined> {
    return this.#isReadingOver ? undefined : Promise.race([this.#try(work), this.#readingOver.promise]);
  }

  /** Nothing of a remote cache fails a run: trouble is counted, and after some of it the cache is left alone. */
  async #try<T>(work: (layer: RemoteLayer) => Promise<T>): Promise<T | undefined> {
    if (this.#isGivenUp) return undefined;
    try {
      const value = await work(this.#layer);
      this.#failures = 0;
      return value;
    } catch (error) {
      if (error instanceof RemoteFailure) this.#count(error);
      // A blob that was removed meanwhile, or a disk that is full.
      else if (error instanceof Error && "code" in error)
        this.#report({ level: "detail", text: `${this.#layer.cache.name}: ${error.message}` });
      else throw error;
      return undefined;
    }
  }

  #count(failure: RemoteFailure): void {
    if (failure.kind === "closed" || this.#isGivenUp) return;
    this.#report({ level: "detail", text: failure.message });
    // That is about one entry, not about the cache.
    if (failure.kind === "damaged" || failure.kind === "refused") return;
    this.#failures += 1;
    const isFinal = failure.kind === "denied" || failure.kind === "misplaced";
    if (!isFinal && this.#failures < MOST_FAILURES) return;
    this.#isGivenUp = true;
    const text = `the remote cache ${failure.remote} is not used any more in this run: ${failure.reason}`;
    this.#report({ level: "warning", text });
  }

  async close(): Promise<void> {
    this.#isGivenUp = true;
    await this.#layer.cache.close();
  }
}

/** The same blobs, for servers that look after what belongs together; what they are called stands in the manifest. */
const withoutNames = ({ files, stdout }: ActionResult): ActionResult => ({
  files: files.map(({ path, digest, size }, index) => ({
    path: path === MANIFEST_PATH ? path : `.zr/${index}`,
    executable: false,
    digest,
    size,
  })),
  ...(stdout === undefined ? {} : { stdout }),
});
