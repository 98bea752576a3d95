import { blockingFileSystem } from "#system/runtime-modules";

/**
 * Writes what comes to a new file, of at most `size` bytes. False where it is not exactly so many with that SHA-256.
 * Throws the error of the stream or the system's; the half file is the caller's to remove.
 */
export async function receiveFile(
  content: ReadableStream<Uint8Array>,
  to: string,
  expected: { readonly digest: string; readonly size: number },
): Promise<boolean> {
  const received = await receiveUpload(content, to, expected.size);
  return received?.size === expected.size && received.digest === expected.digest;
}

/** The same for what is not known yet; undefined where there are more than `mostBytes`. */
export async function receiveUpload(
  content: ReadableStream<Uint8Array> | null,
  to: string,
  mostBytes: number,
): Promise<{ readonly digest: string; readonly size: number } | undefined> {
  const { closeSync, openSync, writeSync } = blockingFileSystem();
  const hasher = new Bun.CryptoHasher("sha256");
  let size = 0;
  const target = openSync(to, "wx", 0o644);
  try {
    for await (const chunk of content ?? []) {
      size += chunk.length;
      if (size > mostBytes) return undefined;
      hasher.update(chunk);
      for (let at = 0; at < chunk.length;) at += writeSync(target, chunk, at);
    }
  } finally {
    closeSync(target);
  }
  return { digest: hasher.digest("hex"), size };
}

/** All that comes, at most `mostBytes`; undefined where it is more. */
export async function receiveBytes(
  content: ReadableStream<Uint8Array>,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    parts.push(chunk);
  }
  return new Uint8Array(Bun.concatArrayBuffers(parts));
}

/** The content of a file as it is read. */
export const sendFile = (path: string): ReadableStream<Uint8Array> => Bun.file(path).stream();

export const sendBytes = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
