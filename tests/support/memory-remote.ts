import { RemoteFailure } from "#engine/cache/remote-cache";
import type { RemoteBlob, RemoteCache, RemoteFailureKind } from "#engine/cache/remote-cache";

/** A remote cache in memory, which notes what it is asked for and fails or hangs where it is told to. */
export class MemoryRemote implements RemoteCache {
  readonly name = "memory cache";
  readonly actions = new Map<string, Uint8Array>();
  readonly blobs = new Map<string, Uint8Array>();
  /** `getAction KEY`, `putBlob DIGEST` and so on. */
  readonly asked: string[] = [];
  /** What every request comes to. */
  trouble: RemoteFailureKind | "hang" | undefined;
  #close: () => void = () => {};
  readonly #closed = new Promise<void>((resolve) => (this.#close = resolve));

  async getAction(key: string): Promise<Uint8Array | undefined> {
    await this.#ask("getAction", key);
    return this.actions.get(key);
  }

  async putAction(key: string, message: Uint8Array): Promise<void> {
    await this.#ask("putAction", key);
    this.actions.set(key, message);
  }

  async getBlob(digest: string): Promise<ReadableStream<Uint8Array> | undefined> {
    await this.#ask("getBlob", digest);
    const bytes = this.blobs.get(digest);
    return bytes === undefined ? undefined : new Blob([new Uint8Array(bytes)]).stream();
  }

  async putBlob(digest: string, size: number, open: () => ReadableStream<Uint8Array>): Promise<void> {
    await this.#ask("putBlob", digest);
    const bytes = await new Response(open()).bytes();
    if (bytes.length !== size) throw new Error(`${digest} has ${bytes.length} bytes, not ${size}`);
    this.blobs.set(digest, bytes);
  }

  async missing(blobs: readonly RemoteBlob[]): Promise<readonly string[]> {
    await this.#ask("missing", String(blobs.length));
    return blobs.map(({ digest }) => digest).filter((digest) => !this.blobs.has(digest));
  }

  close(): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  async #ask(what: string, of: string): Promise<void> {
    this.asked.push(`${what} ${of}`);
    if (this.trouble === "hang") await this.#closed;
    if (this.trouble !== undefined) {
      const kind = this.trouble === "hang" ? "closed" : this.trouble;
      throw new RemoteFailure(this.name, { kind, reason: "it was told to" });
    }
  }
}
