const BLOCK = 512;
/** Names and the like; what claims to be longer is no archive that we asked for. */
const LONGEST_EXTENSION = 1 << 20;

export type TarKind = "file" | "folder" | "symlink" | "hardlink" | "other";

/** One member of an archive. Its body has to be read, or given up, before the next member is asked for. */
export interface TarMember {
  readonly name: string;
  readonly isFile: boolean;
  readonly kind: TarKind;
  /** Where a link leads, as written. */
  readonly link: string;
  readonly mode: number;
  readonly size: number;
  readonly body: () => AsyncGenerator<Uint8Array>;
}

/** Thrown for bytes that are no archive, or end in the middle of one. */
export class TarError extends Error {}

/**
 * Reads archives that follow each other, in any form that tars of today write: `ustar`, `pax` (IEEE Std 1003.1) and
 * GNU's, of which long names and large sizes are known. Nothing that the bytes say is trusted beyond that: names come
 * out as they are, whatever they point to.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const bytes = new ByteReader(source);
  let next: { path?: string; link?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.take(BLOCK, true);
    if (header === undefined) return;
    if (header.every((byte) => byte === 0)) continue;
    const { type, size: ownSize, name, link, mode } = parseHeader(header);
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      if (ownSize > LONGEST_EXTENSION) throw new TarError("a header that is too long");
      const text = new TextDecoder().decode(await bytes.take(ownSize));
      await bytes.take(paddingOf(ownSize));
      if (type === "x") Object.assign(next, paxRecords(text));
      if (type === "L") next.path = text.replace(/\0.*$/s, "");
      if (type === "K") next.link = text.replace(/\0.*$/s, "");
      continue;
    }
    const size = next.size ?? ownSize;
    let rest = size;
    const body = async function* (): AsyncGenerator<Uint8Array> {
      while (rest > 0) {
        const piece = await bytes.some(rest);
        rest -= piece.length;
        yield piece;
      }
    };
    yield {
      name: next.path ?? name,
      isFile: KINDS[type] === "file",
      kind: KINDS[type] ?? "other",
      link: next.link ?? link,
      mode,
      size,
      body,
    };
    for await (const _ of body());
    await bytes.take(paddingOf(size));
    next = {};
  }
}

const KINDS: Readonly<Record<string, TarKind>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "folder",
};

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

interface Header {
  readonly type: string;
  readonly size: number;
  readonly name: string;
  readonly link: string;
  readonly mode: number;
}

function parseHeader(header: Uint8Array): Header {
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(header.subarray(start, start + length)).replace(/\0.*$/s, "");
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== numberOf(header.subarray(148, 156))) throw new TarError("a damaged header");
  const prefix = text(257, 6) === "ustar" ? text(345, 155) : "";
  const name = text(0, 100);
  return {
    type: String.fromCharCode(header[156] ?? 0),
    size: numberOf(header.subarray(124, 136)),
    mode: numberOf(header.subarray(100, 108)) & 0o777,
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: text(157, 100),
  };
}

/** Octal digits, or GNU's binary form for what does not fit. */
function numberOf(field: Uint8Array): number {
  const first = field[0] ?? 0;
  if (first & 0x80)
    return field.reduce((value, byte, at) => value * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  const digits = new TextDecoder().decode(field).replace(/\0.*$/s, "").trim();
  if (!/^[0-7]*$/.test(digits)) throw new TarError("a damaged header");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function paxRecords(text: string): { path?: string; link?: string; size?: number } {
  const found: { path?: string; link?: string; size?: number } = {};
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    const length = Number.parseInt(bytes.subarray(at, at + 20).toString(), 10);
    if (!(length > 0)) throw new TarError("a damaged header");
    const record = /^\d+ ([^=]*)=([\s\S]*)\n$/.exec(bytes.subarray(at, at + length).toString());
    if (record?.[1] === "path") found.path = record[2] ?? "";
    if (record?.[1] === "linkpath") found.link = record[2] ?? "";
    if (record?.[1] === "size") found.size = Number(record[2]);
    at += length;
  }
  if (found.size !== undefined && !(Number.isSafeInteger(found.size) && found.size >= 0))
    throw new TarError("a damaged header");
  return found;
}

/** Takes bytes off a stream in the amounts that a reader wants. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** So many bytes at most, at least one. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#held.length === 0) if (!(await this.#more())) throw new TarError("it ends too early");
    const piece = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(piece.length);
    return piece;
  }

  async take(count: number): Promise<Uint8Array>;
  /** Undefined at the end of the stream. */
  async take(count: number, mayEnd: true): Promise<Uint8Array | undefined>;
  async take(count: number, mayEnd = false): Promise<Uint8Array | undefined> {
    while (this.#held.length < count) {
      if (await this.#more()) continue;
      if (mayEnd && this.#held.length === 0) return undefined;
      throw new TarError("it ends too early");
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }
}
