import { concatBytes } from "./concat-bytes";

/**
 * The wire format of Protocol Buffers: each field is a tag (number × 8 + wire type) and a value. Wire type 0 is a base-128
 * number, least significant part first; 2 is a length and so many bytes; 1 and 5 are 8 and 4 bytes.
 */
export interface WireField {
  readonly field: number;
  /** A number of type 0, bytes of type 2. Fields of fixed size are not told. */
  readonly value: number | Uint8Array;
}

export type WireValue = number | string | Uint8Array;

/**
 * A message of the fields in the order given. Numbers are not negative; zero and empty values are left out, as the format
 * has it for fields of their own, but for those in a list.
 */
export function encodeMessage(
  fields: readonly (readonly [field: number, value: WireValue | readonly WireValue[]])[],
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [field, value] of fields) {
    if (isList(value)) for (const one of value) parts.push(...encodeField(field, one));
    else if (value !== 0 && value !== "" && !(value instanceof Uint8Array && value.length === 0))
      parts.push(...encodeField(field, value));
  }
  return concatBytes(parts);
}

const isList = (value: WireValue | readonly WireValue[]): value is readonly WireValue[] =>
  Array.isArray(value);

function encodeField(field: number, value: WireValue): readonly Uint8Array[] {
  if (typeof value === "number") return [varint(field * 8), varint(value)];
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return [varint(field * 8 + 2), varint(bytes.length), bytes];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** The fields of a message in their order; undefined where the bytes are none. */
export function decodeMessage(bytes: Uint8Array): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    if (tag === undefined) return undefined;
    const field = Math.floor(tag / 8);
    const value = reader.value(tag % 8);
    if (value === undefined) return undefined;
    if (value !== "fixed") fields.push({ field, value });
  }
  return fields;
}

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number | undefined {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) return undefined;
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 128) return value;
    }
    return undefined;
  }

  value(type: number): number | Uint8Array | "fixed" | undefined {
    if (type === 0) return this.varint();
    if (type === 1 || type === 5) return this.#take(type === 1 ? 8 : 4) === undefined ? undefined : "fixed";
    if (type !== 2) return undefined;
    const length = this.varint();
    return length === undefined ? undefined : this.#take(length);
  }

  #take(length: number): Uint8Array | undefined {
    if (length > this.#bytes.length - this.#at) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
