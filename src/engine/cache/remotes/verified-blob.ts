import type { Result } from "#base/result";
import { err } from "#base/result";
import type { RemoteTrouble } from "#engine/cache/remote-cache";

/** The SHA-256 of nothing: a blob that every cache has, and some refuse to be given. */
export const EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export const emptyStream = (): ReadableStream<Uint8Array> => new Blob([]).stream();

/** What is wrong with a key or a digest that is to be part of an address; undefined where nothing is. */
export function badName(id: string): Result<never, RemoteTrouble> | undefined {
  return /^[0-9a-f]{64}$/.test(id)
    ? undefined
    : err({ kind: "refused", reason: "a key or digest is not 64 hexadecimal digits" });
}

export interface Verification {
  readonly digest: string;
  readonly maxBytes: number;
  /** The error that the stream fails with, made of the one that occurred. */
  readonly failure: (error: unknown) => Error;
}

/** The same bytes; fails where they are more than the limit, or at their end where they are not what the digest says. */
export function verifiedBlob(
  body: ReadableStream<Uint8Array>,
  { digest, maxBytes, failure }: Verification,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const hasher = new Bun.CryptoHasher("sha256");
  let size = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await reader.read();
    if (done) {
      if (hasher.digest("hex") === digest) return undefined;
      throw new Error("a blob is not what its digest says");
    }
    hasher.update(value);
    size += value.length;
    if (size <= maxBytes) return value;
    await reader.cancel();
    throw new Error(`a blob has more than its ${maxBytes} bytes`);
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const value = await next();
          if (value === undefined) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(failure(error));
        }
      },
      cancel: async () => await reader.cancel(),
    },
    { highWaterMark: 0 },
  );
}

/** All bytes; what it throws is made by `failure`, also where they are more than the limit. */
export async function readAll(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  failure: (error: unknown) => Error,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      size += part.length;
      if (size > maxBytes) throw new Error(`an answer has more than ${maxBytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw failure(error);
  }
  return new Uint8Array(Bun.concatArrayBuffers(parts));
}
