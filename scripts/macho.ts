/**
 * Reads the parts of a thin 64-bit Mach-O file that code signing needs.
 *
 * Layout after Apple's published headers: `mach-o/loader.h` of xnu for the load commands. Load commands are
 * little-endian on both processors zr is built for.
 */
import { err, ok, type Result } from "#base/result";

/** One `LC_SEGMENT_64`: where it lies in the file, and where its command lies, in bytes. */
export interface MachOSegment {
  readonly name: string;
  readonly commandOffset: number;
  readonly fileOffset: number;
  readonly fileSize: number;
  readonly vmSize: number;
}

/** The segments of a Mach-O file and the place of its signature, all offsets in bytes from the file's start. */
export interface MachO {
  readonly cpu: "x64" | "arm64" | "other";
  readonly isExecutable: boolean;
  readonly segments: readonly MachOSegment[];
  readonly signature: {
    readonly commandOffset: number;
    readonly dataOffset: number;
    readonly dataSize: number;
  };
}

const MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const FILE_TYPE_EXECUTE = 2;
const COMMAND_SEGMENT_64 = 0x19;
const COMMAND_CODE_SIGNATURE = 0x1d;
const CPU_NAMES: Readonly<Record<number, "x64" | "arm64">> = { 0x01000007: "x64", 0x0100000c: "arm64" };

/** Parses a whole file. The error is one sentence: not a Mach-O, cut short, or without room for a signature. */
export function parseMachO(bytes: Uint8Array): Result<MachO, string> {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_SIZE || view.getUint32(0, true) !== MAGIC_64) {
    return err("not a thin 64-bit Mach-O file");
  }
  const commandCount = view.getUint32(16, true);
  const commandsEnd = HEADER_SIZE + view.getUint32(20, true);
  if (commandsEnd > bytes.length) return err("the load commands reach past the end of the file");
  const segments: MachOSegment[] = [];
  let signature: MachO["signature"] | undefined;
  let offset = HEADER_SIZE;
  for (let index = 0; index < commandCount; index += 1) {
    if (offset + 8 > commandsEnd) return err("a load command reaches past the command area");
    const kind = view.getUint32(offset, true);
    const size = view.getUint32(offset + 4, true);
    if (size < 8 || offset + size > commandsEnd) return err("a load command has an impossible size");
    if (kind === COMMAND_SEGMENT_64 && size >= 72) segments.push(readSegment(bytes, offset));
    if (kind === COMMAND_CODE_SIGNATURE && size >= 16) {
      const dataOffset = view.getUint32(offset + 8, true);
      signature = { commandOffset: offset, dataOffset, dataSize: view.getUint32(offset + 12, true) };
    }
    offset += size;
  }
  if (signature === undefined) return err("the file has no LC_CODE_SIGNATURE load command");
  if (signature.dataOffset + signature.dataSize > bytes.length) return err("the signature is cut off");
  const cpu = CPU_NAMES[view.getUint32(4, true)] ?? "other";
  return ok({ cpu, isExecutable: view.getUint32(12, true) === FILE_TYPE_EXECUTE, segments, signature });
}

/** A DataView over exactly the bytes given. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readSegment(bytes: Uint8Array, commandOffset: number): MachOSegment {
  const view = viewOf(bytes);
  const nameBytes = bytes.subarray(commandOffset + 8, commandOffset + 24);
  const nameEnd = nameBytes.indexOf(0);
  return {
    name: new TextDecoder().decode(nameEnd === -1 ? nameBytes : nameBytes.subarray(0, nameEnd)),
    commandOffset,
    vmSize: Number(view.getBigUint64(commandOffset + 32, true)),
    fileOffset: Number(view.getBigUint64(commandOffset + 40, true)),
    fileSize: Number(view.getBigUint64(commandOffset + 48, true)),
  };
}
