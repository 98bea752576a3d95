/** A file of an archive. */
export interface ZipFile {
  /** With `/` between its parts. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 2.0, the first version with folders and deflate. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the first day that the format has: the same files make the same bytes. */
const DATE = 0x0021;

/** The bytes of a ZIP archive (APPNOTE.TXT 6.3, without its 64-bit form): up to 65,535 files and 4 GB. */
export function writeZip(files: readonly ZipFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const packed = Bun.deflateSync(new Uint8Array(bytes), { level: 9 });
    const facts = [DEFLATED, 0, DATE] as const;
    const sizes = [Bun.hash.crc32(bytes), packed.length, bytes.length] as const;
    const local = record([
      [4, LOCAL],
      [2, VERSION],
      [2, FLAGS],
      ...pairs(2, facts),
      ...pairs(4, sizes),
      [2, path.length],
      [2, 0],
    ]);
    directory.push(
      record([
        [4, CENTRAL],
        [2, VERSION],
        [2, VERSION],
        [2, FLAGS],
        ...pairs(2, facts),
        ...pairs(4, sizes),
        // Name, extra field, comment, disk, attributes, and where the file begins.
        ...pairs(2, [path.length, 0, 0, 0, 0]),
        ...pairs(4, [0, offset]),
      ]),
      path,
    );
    parts.push(local, path, packed);
    offset += local.length + path.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record([
    [4, END],
    ...pairs(2, [0, 0, files.length, files.length]),
    ...pairs(4, [size, offset]),
    [2, 0],
  ]);
  return Buffer.concat([...parts, ...directory, end]);
}

type Field = readonly [bytes: 2 | 4, value: number];

const pairs = (bytes: 2 | 4, values: readonly number[]): readonly Field[] =>
  values.map((value) => [bytes, value]);

function record(fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [length, value] of fields) {
    if (length === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += length;
  }
  return bytes;
}
