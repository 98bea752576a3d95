/** How a stream of bytes is compressed. */
export type Compression = "none" | "gzip" | "zstd" | "xz";

/** What a compressed file holds, in pieces. Throws what the unpacking says where the file is damaged or ends too early. */
export async function* unpacked(path: string, compression: Compression): AsyncGenerator<Uint8Array> {
  const bytes = Bun.file(path).stream();
  if (compression === "none") yield* bytes;
  else if (compression === "xz") {
    // The runtime has no decoder for it; this one is WebAssembly (LZMA SDK's successor, xz-embedded).
    const { XzReadableStream } = await import("xz-decompress");
    yield* new XzReadableStream(bytes);
  } else yield* bytes.pipeThrough(new DecompressionStream(compression));
}
