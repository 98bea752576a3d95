/**
 * Bytes that a zstd frame (RFC 8878) says it unpacks to, where the given bytes are exactly one frame that says so; the
 * unpacking then makes no more of it. Undefined for anything else.
 */
export function soleFrameSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < 9) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = view.getUint8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const width = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const at = 5 + (isSingle ? 0 : 1) + dictionary;
  if (width === 0 || at + width > bytes.length) return undefined;
  const size =
    width === 1
      ? view.getUint8(at)
      : width === 2
        ? view.getUint16(at, true) + 256
        : width === 4
          ? view.getUint32(at, true)
          : Number(view.getBigUint64(at, true));
  const end = endOfBlocks(view, at + width);
  const checksum = (descriptor & 4) === 0 ? 0 : 4;
  return end !== undefined && end + checksum === bytes.length ? size : undefined;
}

/** Blocks have a header of three bytes: one bit for the last, two for the kind (1: one byte repeated), the rest the size. */
function endOfBlocks(view: DataView, start: number): number | undefined {
  let at = start;
  while (at + 3 <= view.byteLength) {
    const header = view.getUint8(at) + view.getUint8(at + 1) * 256 + view.getUint8(at + 2) * 65536;
    at += 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3);
    if ((header & 1) !== 0) return at;
  }
  return undefined;
}
