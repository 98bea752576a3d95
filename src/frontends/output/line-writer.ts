import type { OutputStream, Write } from "./renderer-options";
import { concatBytes } from "#base/concat-bytes";

const NEWLINE = 10;
const LINE_END = new Uint8Array([NEWLINE]);
/** A line longer than this is written in pieces as it comes. */
export const LONG_LINE_BYTES = 64 * 1024;
/** So much may wait for the end of another's long line before that line is broken. */
const PATIENCE_BYTES = 1024 * 1024;
const SCRATCH_BYTES = 256 * 1024;
/** Lines up to this length are copied by the byte, which costs less than calls do. */
const SHORT_BYTES = 96;

/** One stream of one instance. */
export interface LineStream {
  readonly to: OutputStream;
  /** Of the lines that are written from now on. */
  prefix: Uint8Array;
  /** The beginning of a line whose end has not come. */
  partial: Uint8Array[];
  partialBytes: number;
  /** The beginning of a long line is written already. */
  isOpen: boolean;
}

/**
 * Writes the lines of several streams with prefixes, never one line inside another. Only a line above `LONG_LINE_BYTES`
 * is written before its end has come; then the lines of others wait, up to `PATIENCE_BYTES` of them, after which the long
 * line is broken and goes on under its prefix. Bytes are never decoded.
 */
export class LineWriter {
  readonly #write: Write;
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
  #used = 0;
  #owner: LineStream | undefined;
  #waiting: { readonly stream: LineStream; readonly bytes: Uint8Array }[] = [];
  #waitingBytes = 0;
  #wait: void | Promise<void> = undefined;

  constructor(write: Write) {
    this.#write = write;
  }

  open(to: OutputStream, prefix: Uint8Array): LineStream {
    return { to, prefix, partial: [], partialBytes: 0, isOpen: false };
  }

  /** Takes bytes of a stream; a promise asks its caller to wait. */
  push(stream: LineStream, bytes: Uint8Array): void | Promise<void> {
    this.#wait = undefined;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) this.#lines(stream, end === bytes.length ? bytes : bytes.subarray(0, end));
    if (end < bytes.length) this.#partial(stream, bytes.subarray(end));
    return this.#wait;
  }

  /** Ends a line that has no end, and lets nobody wait for it any longer. */
  end(stream: LineStream): void {
    if (stream.partialBytes > 0 || stream.isOpen) this.#lines(stream, LINE_END);
    if (this.#waiting.some((entry) => entry.stream === stream)) this.#breakLine();
  }

  /** Takes bytes that end with a newline. */
  #lines(stream: LineStream, bytes: Uint8Array): void {
    if (this.#owner === undefined || this.#owner === stream) {
      this.#writeLines(stream, bytes);
      if (this.#owner === undefined) return;
      this.#owner = undefined;
      this.#writeWaiting();
      return;
    }
    const whole = concatBytes([...stream.partial, bytes]);
    stream.partial = [];
    stream.partialBytes = 0;
    this.#waiting.push({ stream, bytes: whole });
    this.#waitingBytes += whole.length;
    if (this.#waitingBytes > PATIENCE_BYTES) this.#breakLine();
  }

  /** Takes bytes without a newline. */
  #partial(stream: LineStream, bytes: Uint8Array): void {
    if (stream.isOpen) {
      this.#emit(stream.to, bytes);
      return;
    }
    stream.partial.push(bytes.slice());
    stream.partialBytes += bytes.length;
    if (stream.partial.length > 1024) stream.partial = [concatBytes(stream.partial)];
    if (stream.partialBytes <= LONG_LINE_BYTES) return;
    if (this.#owner !== undefined) {
      if (stream.partialBytes <= PATIENCE_BYTES) return;
      this.#breakLine();
    }
    this.#emit(stream.to, concatBytes([stream.prefix, ...stream.partial]));
    stream.partial = [];
    stream.partialBytes = 0;
    stream.isOpen = true;
    this.#owner = stream;
  }

  /** Ends the long line under way before its time, for the sake of those who wait. */
  #breakLine(): void {
    const owner = this.#owner;
    if (owner === undefined) return;
    this.#emit(owner.to, LINE_END);
    owner.isOpen = false;
    this.#owner = undefined;
    this.#writeWaiting();
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { stream, bytes } of waiting) {
      // What came after these lines is the beginning of another.
      const later = { partial: stream.partial, partialBytes: stream.partialBytes };
      Object.assign(stream, { partial: [], partialBytes: 0 });
      this.#writeLines(stream, bytes);
      Object.assign(stream, later);
    }
  }

  /** Writes the partial line and `bytes`, which end with a newline, a prefix before each line. */
  #writeLines(stream: LineStream, bytes: Uint8Array): void {
    let at = 0;
    if (stream.isOpen || stream.partialBytes > 0) {
      if (!stream.isOpen) this.#put(stream, stream.prefix);
      for (const part of stream.partial) this.#put(stream, part);
      stream.partial = [];
      stream.partialBytes = 0;
      stream.isOpen = false;
      at = bytes.indexOf(NEWLINE) + 1;
      this.#put(stream, bytes.subarray(0, at));
    }
    while (at < bytes.length) at = this.#putLine(stream, bytes, at);
    this.#flush(stream.to);
  }

  /** Puts prefix and line into the scratch space; returns where the next line starts. */
  #putLine(stream: LineStream, bytes: Uint8Array, start: number): number {
    const { prefix } = stream;
    if (this.#used + prefix.length + SHORT_BYTES > SCRATCH_BYTES) this.#flush(stream.to);
    if (prefix.length > SHORT_BYTES) this.#put(stream, prefix);
    const scratch = this.#scratch;
    let to = this.#used;
    if (prefix.length <= SHORT_BYTES) {
      for (let index = 0; index < prefix.length; index += 1) scratch[to++] = prefix[index] ?? 0;
    }
    const stop = Math.min(bytes.length, start + SHORT_BYTES);
    let from = start;
    while (from < stop) {
      const byte = bytes[from++] ?? 0;
      scratch[to++] = byte;
      if (byte !== NEWLINE) continue;
      this.#used = to;
      return from;
    }
    this.#used = to;
    const end = bytes.indexOf(NEWLINE, from) + 1;
    this.#put(stream, bytes.subarray(from, end));
    return end;
  }

  #put(stream: LineStream, bytes: Uint8Array): void {
    if (this.#used + bytes.length > SCRATCH_BYTES) {
      this.#flush(stream.to);
      if (bytes.length > SCRATCH_BYTES / 2) {
        this.#emit(stream.to, bytes);
        return;
      }
    }
    this.#scratch.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(to: OutputStream): void {
    if (this.#used > 0) this.#emit(to, this.#scratch.subarray(0, this.#used));
    this.#used = 0;
  }

  #emit(to: OutputStream, bytes: Uint8Array): void {
    this.#wait = this.#write(to, bytes) ?? this.#wait;
  }
}
