/**
 * A cache that others share, at the level of blobs: the content-addressed layout of the Bazel remote cache, whatever
 * the protocol below. A key and a digest are 64 lower-case hexadecimal digits.
 *
 * Nothing is retried, counted or reported by the caller: every method has used up its time-outs and retries when it
 * rejects. It rejects with a {@link RemoteFailure} and with nothing else, and so does the stream of a blob. "Not there"
 * is no failure.
 */
export interface RemoteCache {
  /** For messages: the protocol and the place, without credentials. */
  readonly name: string;
  /** The `ActionResult` message under the key; a server may have written the same fields in another order. */
  getAction(key: string): Promise<Uint8Array | undefined>;
  /** The blobs that the message refers to are put first: servers may refuse, or forget, one whose blobs are missing. */
  putAction(key: string, message: Uint8Array): Promise<void>;
  /**
   * The bytes whose SHA-256 is `digest`. `maxBytes` is the size that the action result or the manifest states (one
   * protocol asks for blobs by digest and size). The stream fails where there are more bytes, or where what has come
   * is not what the digest says, which is known only at its end.
   */
  getBlob(digest: string, maxBytes: number): Promise<ReadableStream<Uint8Array> | undefined>;
  /** `open` gives the same `size` bytes each time it is called: once a try. */
  putBlob(digest: string, size: number, open: () => ReadableStream<Uint8Array>): Promise<void>;
  /** Those that are not there, asked in bulk where the protocol can. */
  missing(digests: readonly RemoteBlob[]): Promise<readonly string[]>;
  /** Gives up connections; what is under way ends with a failure. */
  close(): Promise<void>;
}

export interface RemoteBlob {
  readonly digest: string;
  readonly size: number;
}

/**
 * - `unreachable`: nobody answers there, or the connection broke
 * - `timeout`: no answer, or not enough of it, in time
 * - `denied`: the credentials are missing, wrong or expired
 * - `misplaced`: there is no such cache at this address
 * - `refused`: the server does not take the request, and would not the next time
 * - `server`: the server failed
 * - `damaged`: what came is not what was asked for
 * - `closed`: this side has closed the cache
 */
export type RemoteFailureKind =
  "unreachable" | "timeout" | "denied" | "misplaced" | "refused" | "server" | "damaged" | "closed";

export interface RemoteTrouble {
  readonly kind: RemoteFailureKind;
  /** What went wrong, in words for people, without credentials. */
  readonly reason: string;
}

/** Why a shared cache did not do what it was asked; `message` names the cache and holds no credential. */
export class RemoteFailure extends Error {
  override readonly name = "RemoteFailure";
  readonly remote: string;
  readonly kind: RemoteFailureKind;
  readonly reason: string;

  constructor(remote: string, { kind, reason }: RemoteTrouble) {
    super(`${remote}: ${reason}`);
    this.remote = remote;
    this.kind = kind;
    this.reason = reason;
  }
}
