import type { MessageReader, MessageWriter } from "vscode-languageserver/node";
import { FrameReader } from "./frame-reader";
import { Lifecycle } from "./lifecycle";
import type { Library } from "./protocol";

export interface Wire {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Reads to the end of the input. */
  readonly run: (input: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** Messages over bytes. Bytes that are no message get an error as their answer and change nothing else. */
export function makeWire(library: typeof Library, write: (bytes: Uint8Array) => void): Wire {
  const frames = new FrameReader();
  const errors = new library.Emitter<Error>();
  const writeErrors = new library.Emitter<[Error, Library.Message | undefined, number | undefined]>();
  const closes = new library.Emitter<void>();
  const partials = new library.Emitter<Library.PartialMessageInfo>();
  let hear: Library.DataCallback | undefined;
  const encoder = new TextEncoder();
  const send = (message: object): void => {
    const body = encoder.encode(JSON.stringify(message));
    const header = encoder.encode(`Content-Length: ${body.length}\r\n\r\n`);
    const bytes = new Uint8Array(header.length + body.length);
    bytes.set(header);
    bytes.set(body, header.length);
    write(bytes);
  };
  const reader: MessageReader = {
    onError: errors.event,
    onClose: closes.event,
    onPartialMessage: partials.event,
    listen: (callback) => {
      hear = callback;
      return { dispose: () => (hear = undefined) };
    },
    dispose: () => (hear = undefined),
  };
  const writer: MessageWriter = {
    onError: writeErrors.event,
    onClose: closes.event,
    write: (message) => {
      send(message);
      return Promise.resolve();
    },
    end: () => {},
    dispose: () => {},
  };
  const lifecycle = new Lifecycle();
  const take = (value: unknown): void => {
    const message = value as Library.RequestMessage; // The reader has checked that it is a message.
    const refusal = lifecycle.refusal(message);
    if (refusal === undefined) hear?.(message);
    else if (refusal !== "dropped") send({ jsonrpc: "2.0", id: message.id, error: refusal });
  };
  const run = async (input: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const bytes of input) {
      for (const frame of frames.push(bytes)) {
        if (frame.kind === "message") take(frame.value);
        else send({ jsonrpc: "2.0", id: null, error: { code: frame.code, message: frame.reason } });
      }
    }
  };
  return { reader, writer, run };
}
