/**
 * The message `ActionResult` of the Remote Execution API (build/bazel/remote/execution/v2/remote_execution.proto), as far
 * as a cache needs it, in the wire format of Protocol Buffers: each field is a tag (number × 8 + wire type) and a value;
 * wire type 0 is a base-128 number, 2 a length and so many bytes. Fields are written in the order of their numbers.
 *
 *     ActionResult: output_files = 2, exit_code = 4 (0 is not written), stdout_digest = 6
 *     OutputFile:   path = 1, digest = 2, is_executable = 4, contents = 5
 *     Digest:       hash = 1 (hexadecimal), size_bytes = 2
 */
export interface BlobRef {
  /** SHA-256 of the bytes as stored, in hexadecimal. */
  readonly digest: string;
  /** Of the bytes as stored. */
  readonly size: number;
}

export interface ActionFile extends BlobRef {
  readonly path: string;
  readonly executable: boolean;
  /** The bytes themselves, where they have no blob. */
  readonly contents?: Uint8Array | undefined;
}

export interface ActionResult {
  readonly files: readonly ActionFile[];
  readonly stdout?: BlobRef;
}

/** Bytes of the largest message that is read. */
export const MAX_ACTION_BYTES = 64 * 1024 * 1024;

export function encodeActionResult({ files, stdout }: ActionResult): Uint8Array {
  const message = new WireWriter();
  for (const file of files) {
    const inner = new WireWriter();
    inner.bytes(1, utf8.encode(file.path));
    inner.bytes(2, encodeDigest(file));
    if (file.executable) inner.number(4, 1);
    if (file.contents !== undefined) inner.bytes(5, file.contents);
    message.bytes(2, inner.take());
  }
  if (stdout !== undefined) message.bytes(6, encodeDigest(stdout));
  return message.take();
}

/** Undefined for bytes that are no such message, or one of an action that failed. Unknown fields are passed over. */
export function decodeActionResult(bytes: Uint8Array): ActionResult | undefined {
  if (bytes.length > MAX_ACTION_BYTES) return undefined;
  const files: ActionFile[] = [];
  let stdout: BlobRef | undefined;
  try {
    for (const { field, value } of fieldsOf(bytes)) {
      if (field === 2 && typeof value === "object") files.push(decodeFile(value));
      else if (field === 4 && value !== 0) return undefined;
      else if (field === 6 && typeof value === "object") stdout = decodeDigest(value);
    }
  } catch (error) {
    if (error instanceof NoMessage) return undefined;
    throw error;
  }
  return stdout === undefined ? { files } : { files, stdout };
}

const utf8 = new TextEncoder();
const DIGEST = /^[0-9a-f]{64}$/;

/** Thrown and caught in this file only. */
class NoMessage extends Error {}

function encodeDigest({ digest, size }: BlobRef): Uint8Array {
  const message = new WireWriter();
  message.bytes(1, utf8.encode(digest));
  if (size > 0) message.number(2, size);
  return message.take();
}

function decodeFile(bytes: Uint8Array): ActionFile {
  let path = "";
  let ref: BlobRef | undefined;
  let executable = false;
  let contents: Uint8Array | undefined;
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === 1 && typeof value === "object") path = text(value);
    else if (field === 2 && typeof value === "object") ref = decodeDigest(value);
    else if (field === 4) executable = value === 1;
    else if (field === 5 && typeof value === "object") contents = value;
  }
  if (ref === undefined || path === "") throw new NoMessage();
  return { path, executable, ...ref, ...(contents === undefined ? {} : { contents }) };
}

function decodeDigest(bytes: Uint8Array): BlobRef {
  let digest = "";
  let size = 0;
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === 1 && typeof value === "object") digest = text(value);
    else if (field === 2 && typeof value === "number") size = value;
  }
  if (!DIGEST.test(digest)) throw new NoMessage();
  return { digest, size };
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new NoMessage();
  }
}

interface Field {
  readonly field: number;
  /** Bytes of wire type 2; a number of type 0; undefined for the fixed sizes, which no field here has. */
  readonly value: Uint8Array | number | undefined;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new NoMessage();
      at += 1;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
    throw new NoMessage();
  };
  const skip = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new NoMessage();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) yield { field, value: varint() };
    else if (type === 2) yield { field, value: skip(varint()) };
    else if (type === 1 || type === 5) yield { field, value: void skip(type === 1 ? 8 : 4) };
    else throw new NoMessage();
  }
}

class WireWriter {
  readonly #parts: Uint8Array[] = [];

  number(field: number, value: number): void {
    this.#varint(field * 8);
    this.#varint(value);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#parts.push(value);
  }

  take(): Uint8Array {
    return new Uint8Array(Bun.concatArrayBuffers(this.#parts));
  }

  #varint(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
    this.#parts.push(Uint8Array.from(bytes));
  }
}
