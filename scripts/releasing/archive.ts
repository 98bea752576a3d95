/** Archives that are the same, byte for byte, for the same files: one time, no owner, names in order. */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";

export interface ArchiveFile {
  /** With `/` between its parts. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
}

const BLOCK = 512;

/** A gzipped tar (IEEE Std 1003.1, `ustar`). Names have at most 100 bytes. */
export function tarGz(files: readonly ArchiveFile[], timeSeconds: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { name, bytes, isExecutable } of inOrder(files)) {
    const header = Buffer.alloc(BLOCK);
    if (Buffer.byteLength(name) > 100) throw new Error(`${name}: too long for an archive`);
    header.write(name, 0);
    header.write(octal(isExecutable ? 0o755 : 0o644, 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(bytes.length, 11), 124);
    header.write(octal(timeSeconds, 11), 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\u000000", 257);
    header.write(
      `${octal(
        header.reduce((total, byte) => total + byte, 0),
        6,
      )}\0 `,
      148,
    );
    parts.push(header, bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const packed = gzipSync(Buffer.concat(parts), { level: 9 });
  // The system that packed it (RFC 1952, 2.3.1) decides nothing.
  packed[9] = 255;
  return packed;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");

/** A zip (APPNOTE 6.3.10) without extra fields. */
export function zip(files: readonly ArchiveFile[], timeSeconds: number): Uint8Array {
  const stamp = dosTime(timeSeconds);
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes, isExecutable } of inOrder(files)) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(stamp, 6);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    // Made on Unix, so that the mode is told.
    tail.writeUInt32LE(((isExecutable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), common, tail, nameBytes]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** Two seconds is what a zip can tell apart; in UTC, wherever it is made. */
function dosTime(seconds: number): number {
  const time = new Date(seconds * 1000);
  const date = ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return ((date << 16) | clock) >>> 0;
}

const inOrder = (files: readonly ArchiveFile[]): readonly ArchiveFile[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
