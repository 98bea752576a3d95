import { jsonOf } from "#base/json-of";
import type { JsonRpcMessage, Sdk, Transport } from "./sdk";
import { MessageLines } from "./message-lines";

/** Bytes of the longest message. */
export const MOST_MESSAGE_BYTES = 64 * 1024 * 1024;
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/** The two ends of the connection. */
export interface Pipe {
  readonly input: AsyncIterable<Uint8Array>;
  /** Settles when there is room for more. Never fails: a reader that has gone is found out by `isGone`. */
  readonly write: (text: string) => Promise<void> | void;
  readonly isGone: () => boolean;
}

/**
 * Messages over a pair of pipes, a line each. What is no message is answered with the error that JSON-RPC 2.0 has for
 * it, and the connection goes on: the library's own transport gives no answer, and closes on a message that is too long.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  /** Settles when nothing more comes: the other side has gone, or wants the answers to what it has asked and no more. */
  readonly ended: Promise<void>;
  readonly #pipe: Pipe;
  readonly #schema: Sdk["types"]["JSONRPCMessageSchema"];
  readonly #lines = new MessageLines(MOST_MESSAGE_BYTES);
  readonly #end: () => void;
  /** Requests that have no answer yet. */
  readonly #open = new Set<string | number>();
  readonly #whenAnswered = Promise.withResolvers<void>();
  #hasEnded = false;
  #isClosed = false;

  constructor(pipe: Pipe, { types }: Sdk) {
    this.#pipe = pipe;
    this.#schema = types.JSONRPCMessageSchema;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  start(): Promise<void> {
    void this.#read();
    return Promise.resolve();
  }

  async send(message: JsonRpcMessage): Promise<void> {
    if (this.#isClosed) return;
    await this.#pipe.write(`${JSON.stringify(message)}\n`);
    if (this.#pipe.isGone()) await this.close();
    else if (!("method" in message) && message.id !== undefined) this.#answered(message.id);
  }

  /** Settles when every request has its answer, or nobody is there to get it. */
  answered(): Promise<void> {
    if (this.#open.size === 0 || this.#isClosed) return Promise.resolve();
    return this.#whenAnswered.promise;
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.onclose?.();
    this.#end();
    this.#whenAnswered.resolve();
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#pipe.input) {
        for (const line of this.#lines.push(bytes)) this.#hear(line);
        if (this.#isClosed) return;
      }
      for (const line of this.#lines.end()) this.#hear(line);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
    this.#hasEnded = true;
    this.#end();
  }

  #answered(id: string | number): void {
    this.#open.delete(id);
    if (this.#hasEnded && this.#open.size === 0) this.#whenAnswered.resolve();
  }

  #note(message: JsonRpcMessage): void {
    if (!("method" in message)) return;
    if ("id" in message) this.#open.add(message.id);
    else if (message.method === "notifications/cancelled") {
      // What is cancelled is not answered.
      const id = message.params?.["requestId"];
      if (typeof id === "string" || typeof id === "number") this.#answered(id);
    }
  }

  #hear(line: ReturnType<MessageLines["push"]>[number]): void {
    if (line.kind === "wrong") return this.#refuse(PARSE_ERROR, line.reason, null);
    const value = jsonOf(line.text);
    if (value === undefined) return this.#refuse(PARSE_ERROR, "a message that is no JSON", null);
    const message = this.#checked(value);
    if (message === undefined)
      return this.#refuse(INVALID_REQUEST, "no message of JSON-RPC 2.0", idOf(value));
    this.#note(message);
    return this.onmessage?.(message);
  }

  #checked(value: unknown): JsonRpcMessage | undefined {
    try {
      return this.#schema.safeParse(value).data;
    } catch (error) {
      // Nested more deeply than the check can follow.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #refuse(code: number, message: string, id: string | number | null): void {
    // A parse error has no id, which the type of the library does not know.
    void this.send({ jsonrpc: "2.0", id, error: { code, message } } as JsonRpcMessage);
  }
}

function idOf(value: unknown): string | number | null {
  if (typeof value !== "object" || value === null || !("id" in value)) return null;
  return typeof value.id === "string" || typeof value.id === "number" ? value.id : null;
}
