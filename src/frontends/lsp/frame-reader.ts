/** What a stream of frames holds, in its order. */
export type Frame =
  | { readonly kind: "message"; readonly value: unknown }
  /** Something that is no message: what is to be said to the other side. */
  | { readonly kind: "refused"; readonly code: number; readonly reason: string };

/** Error codes of JSON-RPC 2.0, section 5.1. */
export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;

export const MOST_BYTES = 64 * 1024 * 1024;
/** Nobody sends so much before the body. */
const MOST_HEADER_BYTES = 8 * 1024;

const MARK = new TextEncoder().encode("content-length:");
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Takes messages out of bytes by the framing of the Language Server Protocol's base protocol: header fields, an empty
 * line, and a body of `Content-Length` bytes of JSON in UTF-8. However the bytes are split, the frames are the same. What
 * is no frame is told once and skipped up to the next `Content-Length:`, so that nothing ends the reading.
 */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** Length of the body that is being waited for. */
  #body: number | undefined;
  /** Bytes of a body that is too large and still to come. */
  #skip = 0;
  /** Whether what is being skipped has been told. */
  #isLost = false;

  /** @returns the frames that are complete by now. */
  push(bytes: Uint8Array): Frame[] {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    const frames: Frame[] = [];
    while (this.#step(frames));
    return frames;
  }

  #step(frames: Frame[]): boolean {
    if (this.#skip > 0) return this.#skipBody();
    if (this.#body === undefined) return this.#readHeader(frames);
    if (this.#size < this.#body) return false;
    const body = this.#take(this.#body);
    this.#body = undefined;
    frames.push(frameOf(body));
    return true;
  }

  #skipBody(): boolean {
    const length = Math.min(this.#skip, this.#size);
    this.#take(length);
    this.#skip -= length;
    return this.#skip === 0 && this.#size > 0;
  }

  #readHeader(frames: Frame[]): boolean {
    const all = this.#joined();
    const start = findMark(all);
    if (start === undefined) {
      this.#loseNoise(all, frames);
      return false;
    }
    if (start > 0) {
      this.#take(start);
      // With the letter behind it: a line that has ended with a lone carriage return is none.
      if (start > MOST_HEADER_BYTES || !isHeaderText(all.subarray(0, start + 1))) this.#lose(frames);
      return true;
    }
    const end = headerEnd(all);
    if (end === undefined && all.length <= MOST_HEADER_BYTES) return false;
    if (end === undefined || end > MOST_HEADER_BYTES) {
      this.#take(MARK.length);
      this.#lose(frames);
      return true;
    }
    const header = new TextDecoder("latin1").decode(this.#take(end));
    const digits = /^content-length:[ \t]*(\d{1,15})[ \t]*\r?\n/i.exec(header)?.[1];
    if (digits === undefined) this.#lose(frames);
    else this.#expect(Number(digits), frames);
    return true;
  }

  #expect(length: number, frames: Frame[]): void {
    this.#isLost = false;
    if (length <= MOST_BYTES) {
      this.#body = length;
      return;
    }
    frames.push({
      kind: "refused",
      code: INVALID_REQUEST,
      reason: `a message has at most ${MOST_BYTES} bytes, not ${length}`,
    });
    this.#skip = length;
  }

  /** Drops what can't be the beginning of a header, and tells that it was no message. */
  #loseNoise(all: Uint8Array, frames: Frame[]): void {
    // Another header field may stand before the length; the mark itself may be cut.
    const least = all.length - MARK.length + 1;
    if (least <= MOST_HEADER_BYTES && isHeaderText(all)) return;
    this.#take(Math.max(0, least));
    this.#lose(frames);
  }

  #lose(frames: Frame[]): void {
    if (this.#isLost) return;
    this.#isLost = true;
    frames.push({ kind: "refused", code: PARSE_ERROR, reason: "no header with a Content-Length" });
  }

  #joined(): Uint8Array {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    const all = Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [all];
    return all;
  }

  #take(length: number): Uint8Array {
    const all = this.#joined();
    this.#pieces = length === all.length ? [] : [all.subarray(length)];
    this.#size -= length;
    return all.subarray(0, length);
  }
}

/** Where a `Content-Length:` begins, at the start of a line or of the bytes, in any case of letters. */
function findMark(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + MARK.length <= bytes.length; at += 1) {
    let matched = 0;
    while (matched < MARK.length && ((bytes[at + matched] ?? 0) | 0x20) === ((MARK[matched] ?? 0) | 0x20))
      matched += 1;
    if (matched === MARK.length) return at;
  }
  return undefined;
}

/** Where the body begins: behind the first empty line. */
function headerEnd(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== LINE_FEED) continue;
    if (bytes[at + 1] === LINE_FEED) return at + 2;
    if (bytes[at + 1] === CARRIAGE_RETURN && bytes[at + 2] === LINE_FEED) return at + 3;
  }
  return undefined;
}

/** Blank lines between messages, and header fields such as `Content-Type`, are no noise. */
const isHeaderText = (bytes: Uint8Array): boolean =>
  /^(?:[\r\n]|[A-Za-z-]+(?::[^\r\n]*\r?(?:\n|$)|$))*$/.test(new TextDecoder("latin1").decode(bytes));

function frameOf(body: Uint8Array): Frame {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "refused", code: PARSE_ERROR, reason };
  }
  return isMessage(value)
    ? { kind: "message", value }
    : {
        kind: "refused",
        code: INVALID_REQUEST,
        reason: "a message is a request, a notification or a response",
      };
}

function isMessage(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const message: { readonly id?: unknown; readonly method?: unknown; readonly params?: unknown } = value;
  const isIdFit =
    message.id === undefined ||
    message.id === null ||
    typeof message.id === "string" ||
    typeof message.id === "number";
  const isParamsFit =
    message.params === undefined || message.params === null || typeof message.params === "object";
  if (message.method === undefined)
    return isIdFit && message.id !== undefined && ("result" in value || "error" in value);
  return isIdFit && isParamsFit && typeof message.method === "string";
}
