import { Slots } from "#base/slots";
import { within } from "#system/clock/within";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type { ReportNotice } from "./cache-store";
import type { LocalStore } from "./local-store";
import { reasonOf } from "./local-store";
import { RemoteLink } from "./remote-link";
import type { RemoteEntry, RemoteLayer } from "./remote-link";

/** Downloads, and entries that are sent, at the same time. */
const MOST_DOWNLOADS = 16;
const MOST_UPLOADS = 4;

/** The remote caches behind a local store. */
export class RemoteLayers {
  readonly #links: readonly RemoteLink[];
  readonly #local: LocalStore;
  readonly #report: ReportNotice;
  /** Where entries come from that are not wholly in the local store, by key. */
  readonly #sources = new Map<string, { readonly link: RemoteLink; readonly entry: RemoteEntry }>();
  readonly #downloads = new Slots(MOST_DOWNLOADS);
  readonly #uploads = new Slots(MOST_UPLOADS);
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(layers: readonly RemoteLayer[], local: LocalStore, report: ReportNotice) {
    this.#links = layers.map((layer) => new RemoteLink(layer, local, report));
    this.#local = local;
    this.#report = report;
  }

  /** The entry of the first remote cache that has it. */
  async find(key: string): Promise<CacheManifest | undefined> {
    for (const link of this.#links) {
      if (!link.isReadable) continue;
      const entry = await this.#downloads.hold(() => link.find(key));
      if (entry === undefined) continue;
      this.#sources.set(key, { link, entry });
      return entry.manifest;
    }
    return undefined;
  }

  /**
   * Brings contents of an entry into the local store, where they are not there yet, and keeps the entry when all of it
   * is. False where some can't be had.
   *
   * @param wanted by the digests of their plain contents.
   */
  async fetch(key: string, wanted: ReadonlyMap<string, StoredBlob>): Promise<boolean> {
    const source = this.#sources.get(key);
    const byName = new Map([...wanted.values()].map((blob) => [blob.digest, blob]));
    const missing = [...byName.values()].filter(({ digest }) => !this.#local.blobs.has(digest));
    if (source === undefined) return missing.length === 0;
    const { link, entry } = source;
    const got = await Promise.all(missing.map((blob) => this.#downloads.hold(() => link.fetch(entry, blob))));
    if (!got.every((isThere) => isThere)) return false;
    this.#keepIfWhole(key, entry);
    return true;
  }

  #keepIfWhole(key: string, { manifest }: RemoteEntry): void {
    try {
      for (const { digest } of manifest.blobs.values()) if (!this.#local.blobs.has(digest)) return;
      this.#local.write(manifest);
      this.#sources.delete(key);
    } catch (error) {
      this.#report({ level: "detail", text: `the entry ${key} is not kept: ${reasonOf(error)}` });
    }
  }

  /** Sends an entry in the background. */
  upload(manifest: CacheManifest): void {
    for (const link of this.#links) {
      if (!link.isWritable) continue;
      const sent = this.#uploads.hold(() => link.upload(manifest));
      this.#underWay.add(sent);
      void sent.finally(() => this.#underWay.delete(sent));
    }
  }

  /** Sends an entry to every cache that may be written, and says to how many that was done. */
  async push(manifest: CacheManifest): Promise<number> {
    const links = this.#links.filter(({ isWritable }) => isWritable);
    const sent = await Promise.all(links.map((link) => this.#uploads.hold(() => link.upload(manifest))));
    return sent.filter((isSent) => isSent).length;
  }

  /** Nobody waits any more for what others have. */
  stopReading(): void {
    for (const link of this.#links) link.stopReading();
  }

  /** Waits for uploads, but no longer than that, nor than `over`. */
  async close(waitMs: number, over?: Promise<void>): Promise<void> {
    if (this.#underWay.size > 0)
      await within(waitMs, over === undefined ? this.#settled() : Promise.race([this.#settled(), over]));
    const left = this.#underWay.size;
    if (left > 0) {
      const what = left === 1 ? "1 result was" : `${left} results were`;
      this.#report({ level: "warning", text: `${what} not sent to the remote cache in time` });
    }
    await Promise.all(this.#links.map((link) => link.close()));
  }

  async #settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}
