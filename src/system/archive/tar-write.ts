import { fileSystem } from "#system/runtime-modules";

const BLOCK = 512;
const NAME_BYTES = 100;
/** What the header's twelve octal digits can say. */
const LARGEST_NUMBER = 0o77777777777;

/**
 * A tar archive of files, piece by piece, in the POSIX.1-2001 `pax` format (IEEE Std 1003.1, `pax`), which every tar of
 * today reads. Names are relative to `folder`, with `/` between their parts. Links are followed; owner and group are left
 * out. Times are those of the files, to the microsecond: what compares them elsewhere, such as make, has to see which file
 * is newer. Throws the system's error where a file can't be read.
 */
export async function* tarArchive(folder: string, names: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const name of names) {
    const handle = await fileSystem().open(`${folder}/${name}`, "r");
    try {
      const { size, mode, mtimeMs } = await handle.stat();
      yield* header(name, { size, mode, mtimeMs });
      let rest = size;
      while (rest > 0) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(rest, 1 << 16)));
        // Cut short while it is read: what the header says has to come.
        yield bytesRead === 0 ? new Uint8Array(buffer.length) : buffer.subarray(0, bytesRead);
        rest -= bytesRead === 0 ? buffer.length : bytesRead;
      }
      yield padding(size);
    } finally {
      await handle.close();
    }
  }
  yield new Uint8Array(2 * BLOCK);
}

interface Facts {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
}

function* header(name: string, facts: Facts): Generator<Uint8Array> {
  const bytes = Buffer.from(name);
  const records: [string, string][] = [["mtime", (facts.mtimeMs / 1000).toFixed(6)]];
  if (bytes.length > NAME_BYTES) records.push(["path", name]);
  if (facts.size > LARGEST_NUMBER) records.push(["size", String(facts.size)]);
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  yield block(Buffer.from("pax"), { ...facts, size: body.length, mode: 0o644 }, "x");
  yield body;
  yield padding(body.length);
  yield block(bytes, facts, "0");
}

/** `LENGTH key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function block(name: Buffer, { size, mode, mtimeMs }: Facts, type: "0" | "x"): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  name.copy(header, 0, 0, NAME_BYTES);
  header.write(octal(mode & 0o777, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(headerNumber(size), 11), 124);
  header.write(octal(headerNumber(mtimeMs / 1000), 11), 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/** What a header can say; what it can't is in a record before it. */
const headerNumber = (value: number): number => Math.min(LARGEST_NUMBER, Math.max(0, Math.floor(value)));

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");

const padding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
