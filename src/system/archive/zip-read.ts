import { fileSystem } from "#system/runtime-modules";

/** One member of a ZIP file. */
export interface ZipMember {
  readonly name: string;
  readonly kind: "file" | "folder" | "symlink" | "other";
  /** Permission bits as the maker of the archive says them; 0 where it does not. */
  readonly mode: number;
  /** What it says it unpacks to; its body never gives more. */
  readonly size: number;
  readonly body: () => AsyncGenerator<Uint8Array>;
}

/** Thrown for a file that is no archive, or a damaged one. */
export class ZipError extends Error {}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end of the central directory with the longest comment. */
const LONGEST_END = 22 + 0xffff;
const LONGEST_DIRECTORY = 256 * 1024 * 1024;
const PIECE = 256 * 1024;

/**
 * Reads a ZIP file (APPNOTE.TXT 6.3: stored and deflated members, the 64-bit form, Unix permissions and links) by its
 * central directory, which says modes that the members' own headers lack. Names come out as they are.
 */
export async function* readZip(path: string): AsyncGenerator<ZipMember> {
  const file = await fileSystem().open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<DataView> => {
      if (at < 0 || length < 0 || at + length > size) throw new ZipError("it ends too early");
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, at);
      if (bytesRead !== length) throw new ZipError("it ends too early");
      return new DataView(bytes.buffer);
    };
    const directory = await findDirectory(read, size);
    const view = await read(directory.at, directory.length);
    let at = 0;
    for (let index = 0; index < directory.count; index += 1) {
      const entry = parseEntry(view, at);
      at += entry.length;
      yield { ...entry.member, body: () => bodyOf(entry, read) };
    }
  } finally {
    await file.close();
  }
}

type Read = (at: number, length: number) => Promise<DataView>;

interface Directory {
  readonly at: number;
  readonly length: number;
  readonly count: number;
}

async function findDirectory(read: Read, size: number): Promise<Directory> {
  const length = Math.min(size, LONGEST_END);
  const tail = await read(size - length, length);
  for (let at = length - 22; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END) continue;
    const found = {
      count: tail.getUint16(at + 10, true),
      length: tail.getUint32(at + 12, true),
      at: tail.getUint32(at + 16, true),
    };
    const isLong = found.count === 0xffff || found.length === 0xffffffff || found.at === 0xffffffff;
    const directory = isLong ? await findDirectory64(read, size - length + at) : found;
    if (directory.length > LONGEST_DIRECTORY) throw new ZipError("its directory is too long");
    return directory;
  }
  throw new ZipError("it has no directory");
}

async function findDirectory64(read: Read, end: number): Promise<Directory> {
  const locator = await read(end - 20, 20);
  if (locator.getUint32(0, true) !== LOCATOR64) throw new ZipError("its directory is damaged");
  const record = await read(Number(locator.getBigUint64(8, true)), 56);
  if (record.getUint32(0, true) !== END64) throw new ZipError("its directory is damaged");
  return {
    count: Number(record.getBigUint64(32, true)),
    length: Number(record.getBigUint64(40, true)),
    at: Number(record.getBigUint64(48, true)),
  };
}

interface Entry {
  readonly member: Omit<ZipMember, "body">;
  readonly length: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly localAt: number;
}

function parseEntry(view: DataView, at: number): Entry {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY)
    throw new ZipError("its directory is damaged");
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
    view.getUint16(at + offset, true),
  );
  const length = 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  if (at + length > view.byteLength) throw new ZipError("its directory is damaged");
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength ?? 0));
  const extra = new DataView(view.buffer, at + 46 + (nameLength ?? 0), extraLength ?? 0);
  const sizes = longSizes(extra, {
    size: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    localAt: view.getUint32(at + 42, true),
  });
  const unixMode = view.getUint8(at + 5) === 3 ? view.getUint16(at + 40, true) : 0;
  return {
    member: { name, kind: kindOf(name, unixMode), mode: unixMode & 0o777, size: sizes.size },
    length,
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
    packed: sizes.packed,
    localAt: sizes.localAt,
  };
}

function kindOf(name: string, unixMode: number): ZipMember["kind"] {
  const type = unixMode & 0o170000;
  if (type === 0o120000) return "symlink";
  if (name.endsWith("/") || type === 0o040000) return "folder";
  return type === 0 || type === 0o100000 ? "file" : "other";
}

interface Sizes {
  readonly size: number;
  readonly packed: number;
  readonly localAt: number;
}

/** The 64-bit values of the extra field (header 0x0001) stand in for those that are full, in this order. */
function longSizes(extra: DataView, { size, packed, localAt }: Sizes): Sizes {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) !== 1 || end > extra.byteLength) {
      at = end;
      continue;
    }
    let next = at + 4;
    const long = (value: number): number => {
      if (value !== 0xffffffff || next + 8 > end) return value;
      next += 8;
      return Number(extra.getBigUint64(next - 8, true));
    };
    return { size: long(size), packed: long(packed), localAt: long(localAt) };
  }
  return { size, packed, localAt };
}

async function* bodyOf(entry: Entry, read: Read): AsyncGenerator<Uint8Array> {
  const { method, packed, localAt, isEncrypted, member } = entry;
  if (isEncrypted) throw new ZipError(`${member.name} is encrypted`);
  if (method !== 0 && method !== 8) throw new ZipError(`${member.name} is packed in a way that is not known`);
  const local = await read(localAt, 30);
  if (local.getUint32(0, true) !== LOCAL) throw new ZipError("a damaged header");
  const start = localAt + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const raw = pieces(read, start, packed);
  const unpacked = method === 0 ? raw : inflated(raw);
  let given = 0;
  let crc = 0;
  try {
    for await (const piece of unpacked) {
      given += piece.length;
      if (given > member.size) throw new ZipError(`${member.name} is larger than it says`);
      crc = Bun.hash.crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError(`${member.name} is damaged`);
  }
  if (given !== member.size || crc !== entry.crc) throw new ZipError(`${member.name} is damaged`);
}

async function* pieces(read: Read, start: number, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < length; at += PIECE) {
    const view = await read(start + at, Math.min(PIECE, length - at));
    // It was made over the whole of its own buffer.
    yield new Uint8Array(view.buffer as ArrayBuffer);
  }
}

async function* inflated(raw: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const { done, value } = await raw.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
  const stream = source.pipeThrough(new DecompressionStream("deflate-raw"));
  for await (const piece of stream) yield piece;
}
