import type { OutputStream, Write } from "./renderer-options";
import { concatBytes } from "#base/concat-bytes";

const NEWLINE = 10;
const LINE_END = new Uint8Array([NEWLINE]);
/** A line longer than this is written in pieces as it comes. */
export const LONG_LINE_BYTES = 64 * 1024;
/** So much may wait for the end of another's long line before that line is broken. */
const PATIENCE_BYTES = 1024 * 1024;
/** Lines are given their prefixes so many bytes at a time. */
const PIECE_BYTES = 32 * 1024;
const SCRATCH_BYTES = 256 * 1024;

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
 * line is broken and goes on under its prefix. Bytes are never decoded: where they are texts for a moment, each character is one.
 */
export class LineWriter {
  readonly #write: Write;
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
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
      at = bytes.indexOf(NEWLINE) + 1;
      const head = stream.isOpen ? [] : [stream.prefix, ...stream.partial];
      this.#emit(stream.to, concatBytes([...head, bytes.subarray(0, at)]));
      stream.partial = [];
      stream.partialBytes = 0;
      stream.isOpen = false;
    }
    while (at < bytes.length) at = this.#writePiece(stream, bytes, at);
  }

  /** Writes some whole lines; returns where the next one starts. */
  #writePiece(stream: LineStream, bytes: Uint8Array, start: number): number {
    let end = Math.min(bytes.length, start + PIECE_BYTES);
    if (bytes[end - 1] !== NEWLINE) {
      const last = bytes.subarray(start, end).lastIndexOf(NEWLINE);
      end = last < 0 ? bytes.indexOf(NEWLINE, end) + 1 : start + last + 1;
    }
    const prefix = byteText(stream.prefix);
    // The runtime's own search and replace costs a third less than a loop over the bytes, compiled or not.
    const between = `\n${prefix.replaceAll("$", "$$$$")}`;
    const lines = byteText(bytes.subarray(start, end - 1)).replaceAll("\n", between);
    const text = `${prefix}${lines}\n`;
    // Not a Buffer, whose slices are no copies.
    const scratch = text.length > SCRATCH_BYTES ? new Uint8Array(text.length) : this.#scratch;
    this.#emit(stream.to, scratch.subarray(0, Buffer.from(scratch.buffer).write(text, "latin1")));
    return end;
  }

  #emit(to: OutputStream, bytes: Uint8Array): void {
    this.#wait = this.#write(to, bytes) ?? this.#wait;
  }
}

/** Bytes as characters of the same numbers. */
const byteText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
