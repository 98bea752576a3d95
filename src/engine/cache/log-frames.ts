import type { LogChunk } from "#core/model/cache";

/** Bytes of the longest log that is stored. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** A log as one content: for each piece one byte for the stream (1 or 2), four for its length (big-endian), its bytes. */
export function encodeLog(chunks: readonly LogChunk[]): Uint8Array {
  const merged = mergeNeighbours(chunks);
  const total = merged.reduce(
    (sum, { parts }) => sum + 5 + parts.reduce((bytes, part) => bytes + part.length, 0),
    0,
  );
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { stream, parts } of merged) {
    view.setUint8(at, stream === "stdout" ? 1 : 2);
    const head = at;
    at += 5;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    view.setUint32(head + 1, at - head - 5);
  }
  return bytes;
}

/** The pieces; undefined for bytes that are no log. */
export function decodeLog(bytes: Uint8Array): readonly LogChunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: LogChunk[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 5 > bytes.length) return undefined;
    const kind = view.getUint8(at);
    const end = at + 5 + view.getUint32(at + 1);
    if ((kind !== 1 && kind !== 2) || end > bytes.length) return undefined;
    chunks.push({ stream: kind === 1 ? "stdout" : "stderr", bytes: bytes.subarray(at + 5, end) });
    at = end;
  }
  return chunks;
}

/** Pieces of the same stream in a row become one, so that how a pipe was read does not show in the digest. */
function mergeNeighbours(
  chunks: readonly LogChunk[],
): readonly { readonly stream: LogChunk["stream"]; readonly parts: Uint8Array[] }[] {
  const merged: { readonly stream: LogChunk["stream"]; readonly parts: Uint8Array[] }[] = [];
  for (const { stream, bytes } of chunks) {
    const last = merged.at(-1);
    if (last?.stream === stream) last.parts.push(bytes);
    else merged.push({ stream, parts: [bytes] });
  }
  return merged;
}
