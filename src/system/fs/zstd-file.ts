import { fileSystem } from "#system/runtime-modules";

/** Bytes that become one frame: what is held in memory at once. */
const FRAME_BYTES = 1024 * 1024;
/** Fast; the higher levels gain little on logs. */
const LEVEL = 3;

/**
 * Writes pieces of bytes to a new file, compressed (zstd, RFC 8878: frames that follow each other are one text). Makes
 * the folder, for its owner only. Throws the system's error and leaves no half file.
 */
export async function writeCompressed(
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const { mkdir, open, rm } = fileSystem();
  await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  const file = await open(path, "w", 0o600);
  const block = new Uint8Array(FRAME_BYTES);
  let filled = 0;
  let frames = 0;
  const flush = async (): Promise<void> => {
    frames += 1;
    await file.writeFile(await Bun.zstdCompress(block.subarray(0, filled), { level: LEVEL }));
    filled = 0;
  };
  try {
    for await (const part of parts) {
      for (let at = 0; at < part.length;) {
        const piece = part.subarray(at, at + FRAME_BYTES - filled);
        block.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled === FRAME_BYTES) await flush();
      }
    }
    // Nothing at all is one empty frame: a file without any is no zstd file.
    if (filled > 0 || frames === 0) await flush();
    await file.close();
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** What a compressed file holds, in pieces. Throws the system's error, or that of the unpacking. */
export async function* decompressed(path: string): AsyncGenerator<Uint8Array> {
  const unpack = new DecompressionStream("zstd");
  for await (const chunk of Bun.file(path).stream().pipeThrough(unpack)) yield chunk;
}
