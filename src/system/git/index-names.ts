/** What an index of git says (gitformat-index(5)). */
export interface IndexNames {
  /** Paths of tracked files from the top folder; submodules and folders of a sparse index are left out. */
  readonly names: readonly string[];
  /** Hash of the index that this one is only the difference to (`core.splitIndex`). */
  readonly shared: string | undefined;
}

export interface IndexForm {
  /** Of a hash: 20, or 32 where the repository uses SHA-256. */
  readonly hashBytes: number;
}

const MAGIC = "DIRC";
const HEADER = 12;
/** Times, device, inode, mode, owner and size. */
const STAT = 40;
const MODE_AT = 24;
const IS_EXTENDED = 0x4000;
const KIND = 0o170000;
const SUBMODULE = 0o160000;
const FOLDER = 0o040000;

/** The tracked files of an index; undefined where the bytes are none that is known. */
export function indexNames(bytes: Uint8Array, { hashBytes }: IndexForm): IndexNames | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || textOf(bytes, 0, 4) !== MAGIC) return undefined;
  const version = view.getUint32(4);
  if (version < 2 || version > 4) return undefined;
  const names: string[] = [];
  const decoder = new TextDecoder();
  let before: Uint8Array = new Uint8Array();
  let at = HEADER;
  for (let left = view.getUint32(8); left > 0; left -= 1) {
    const flagsAt = at + STAT + hashBytes;
    if (flagsAt + 2 > bytes.length) return undefined;
    let nameAt = flagsAt + (version > 2 && (view.getUint16(flagsAt) & IS_EXTENDED) !== 0 ? 4 : 2);
    let kept = 0;
    if (version === 4) {
      const dropped = offsetAt(bytes, nameAt);
      nameAt = dropped.next;
      kept = before.length - dropped.value;
    }
    const end = bytes.indexOf(0, nameAt);
    if (end === -1 || kept < 0) return undefined;
    // From the fourth version on a name says only in what it differs from the one before.
    const name = Buffer.concat([before.subarray(0, kept), bytes.subarray(nameAt, end)]);
    const kind = view.getUint32(at + MODE_AT) & KIND;
    // A difference to another index leaves out the names that this one has.
    if (kind !== SUBMODULE && kind !== FOLDER && name.length > 0) names.push(decoder.decode(name));
    before = name;
    at = version === 4 ? end + 1 : at + (Math.floor((end - at) / 8) + 1) * 8;
  }
  return { names, shared: sharedIndex(bytes.subarray(at), hashBytes) };
}

/** Extensions: a name of four letters and a length each. */
function sharedIndex(bytes: Uint8Array, hashBytes: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length - hashBytes; at += 8 + view.getUint32(at + 4))
    if (textOf(bytes, at, 4) === "link")
      return Buffer.from(bytes.subarray(at + 8, at + 8 + hashBytes)).toString("hex");
  return undefined;
}

/** A number as in offsets of packs (gitformat-pack(5)). */
function offsetAt(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let at = start;
  let byte = bytes[at] ?? 0;
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    at += 1;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, next: at + 1 };
}

const textOf = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
