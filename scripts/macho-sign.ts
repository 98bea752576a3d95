/**
 * Ad-hoc signs a Mach-O executable, as `codesign --force -s -` does, on any platform, and verifies signatures.
 *
 * macOS refuses to run a binary whose signed page hashes do not match its bytes. Compiling for macOS on another
 * system puts the program into a copy of the runtime; where that leaves the runtime's own signature behind, this
 * module writes a fresh one.
 *
 * The format is described by Apple's open source: `osfmk/kern/cs_blobs.h` of xnu (magic numbers, CodeDirectory
 * fields by version, slot numbers), and by the technical note TN2206 "macOS Code Signing In Depth". Blobs are
 * big-endian, unlike the rest of the file. What is written: a SuperBlob of a version 0x20400 CodeDirectory (SHA-256
 * over pages of 4096 bytes, flag "adhoc" alone), an empty requirement set and an empty CMS wrapper.
 */
import { parseMachO, viewOf, type MachO } from "./macho";
import { err, ok, type Result } from "#base/result";

export const MAGIC_SUPER_BLOB = 0xfade0cc0;
export const MAGIC_CODE_DIRECTORY = 0xfade0c02;
const MAGIC_REQUIREMENTS = 0xfade0c01;
const MAGIC_BLOB_WRAPPER = 0xfade0b01;
const SLOT_CODE_DIRECTORY = 0;
const SLOT_REQUIREMENTS = 2;
const SLOT_CMS = 0x10000;
const FLAG_ADHOC = 0x2;
const EXECUTABLE_SEGMENT_MAIN_BINARY = 1n;
const CODE_DIRECTORY_VERSION = 0x20400;
const CODE_DIRECTORY_HEADER_SIZE = 88;
const HASH_TYPE_SHA256 = 2;
const HASH_SIZE = 32;
const PAGE_SIZE_LOG2 = 12;
const SIGNED_PAGE_SIZE = 1 << PAGE_SIZE_LOG2;
const SPECIAL_SLOT_COUNT = 2;
/** Memory pages, to which the mapped size of the last segment is rounded. */
const VM_PAGE_SIZE = { x64: 0x1000, arm64: 0x4000, other: 0x4000 } as const;

/**
 * Returns a signed copy of `bytes`, whose old signature, if valid or not, is replaced.
 * `identifier` is the name in the signature. Fails with one sentence when the file has no place for a signature.
 */
export function signAdHoc(bytes: Uint8Array, identifier: string): Result<Uint8Array, string> {
  const parsed = parseMachO(bytes);
  if (!parsed.ok) return parsed;
  const codeLimit = parsed.value.signature.dataOffset;
  const text = parsed.value.segments.find((segment) => segment.name === "__TEXT");
  const linkEdit = parsed.value.segments.find((segment) => segment.name === "__LINKEDIT");
  if (text === undefined || linkEdit === undefined)
    return err("the file lacks a __TEXT or __LINKEDIT segment");
  if (linkEdit.fileOffset + linkEdit.fileSize < codeLimit) {
    return err("the signature does not lie in the __LINKEDIT segment");
  }
  const signatureSize = roundUp(superBlobSize(codeLimit, identifier), 16);
  const signed = new Uint8Array(codeLimit + signatureSize);
  signed.set(bytes.subarray(0, codeLimit));
  writeSizes(signed, parsed.value, signatureSize);
  // The page hashes cover the load commands, so the sizes are written before anything is hashed.
  const directory = codeDirectory(signed.subarray(0, codeLimit), {
    identifier,
    textOffset: text.fileOffset,
    textSize: text.fileSize,
    isExecutable: parsed.value.isExecutable,
  });
  signed.set(superBlob(directory), codeLimit);
  return ok(signed);
}

/** What was found in a signature. `isValid` is true only when every page, slot and length agrees. */
export interface SignatureReport {
  readonly isValid: boolean;
  readonly pageCount: number;
  readonly failedPages: readonly number[];
  /** CodeDirectory flags: 0x2 is ad hoc, 0x10000 is the hardened runtime. */
  readonly flags: number;
  readonly identifier: string;
  readonly problems: readonly string[];
}

/** Checks every page hash, and the hash of the requirement set, of the first CodeDirectory. */
export function verifySignature(bytes: Uint8Array): Result<SignatureReport, string> {
  const parsed = parseMachO(bytes);
  if (!parsed.ok) return parsed;
  const { dataOffset, dataSize } = parsed.value.signature;
  const blobs = readSuperBlob(bytes.subarray(dataOffset, dataOffset + dataSize));
  if (!blobs.ok) return blobs;
  const directory = blobs.value.get(SLOT_CODE_DIRECTORY);
  if (directory === undefined || directory.length < 44) return err("the signature has no CodeDirectory");
  const view = viewOf(directory);
  if (view.getUint32(0) !== MAGIC_CODE_DIRECTORY) return err("the CodeDirectory has a wrong magic number");
  if (view.getUint8(37) !== HASH_TYPE_SHA256) return err("the CodeDirectory is not hashed by SHA-256");
  const problems: string[] = [];
  const codeLimit = view.getUint32(32);
  if (codeLimit !== dataOffset) problems.push(`covers ${codeLimit} bytes, the code has ${dataOffset}`);
  const end = parsed.value.segments.find((segment) => segment.name === "__LINKEDIT");
  if (end === undefined || end.fileOffset + end.fileSize !== dataOffset + dataSize) {
    problems.push("the __LINKEDIT segment does not end where the signature ends");
  }
  if (!requirementsMatch(directory, blobs.value.get(SLOT_REQUIREMENTS))) {
    problems.push("the hash of the requirement set does not match");
  }
  const failedPages = failingPages(bytes, directory);
  if (failedPages.length > 0) problems.push(`${failedPages.length} page hashes do not match`);
  const identifier = textAt(directory, view.getUint32(20));
  const pageCount = view.getUint32(28);
  if (pageCount !== Math.ceil(codeLimit / (1 << view.getUint8(39)))) problems.push("pages are missing");
  return ok({
    isValid: problems.length === 0,
    pageCount,
    failedPages,
    flags: view.getUint32(12),
    identifier,
    problems,
  });
}

function writeSizes(signed: Uint8Array, file: MachO, signatureSize: number): void {
  const view = viewOf(signed);
  view.setUint32(file.signature.commandOffset + 12, signatureSize, true);
  for (const segment of file.segments) {
    if (segment.name !== "__LINKEDIT") continue;
    const fileSize = signed.length - segment.fileOffset;
    const vmSize = roundUp(fileSize, VM_PAGE_SIZE[file.cpu]);
    view.setBigUint64(segment.commandOffset + 32, BigInt(vmSize), true);
    view.setBigUint64(segment.commandOffset + 48, BigInt(fileSize), true);
  }
}

interface DirectoryFacts {
  readonly identifier: string;
  readonly textOffset: number;
  readonly textSize: number;
  readonly isExecutable: boolean;
}

function codeDirectory(code: Uint8Array, facts: DirectoryFacts): Uint8Array {
  const directory = new Uint8Array(codeDirectorySize(code.length, facts.identifier));
  const view = viewOf(directory);
  const pageCount = Math.ceil(code.length / SIGNED_PAGE_SIZE);
  const identifierBytes = new TextEncoder().encode(facts.identifier);
  const hashOffset = CODE_DIRECTORY_HEADER_SIZE + identifierBytes.length + 1 + SPECIAL_SLOT_COUNT * HASH_SIZE;
  view.setUint32(0, MAGIC_CODE_DIRECTORY);
  view.setUint32(4, directory.length);
  view.setUint32(8, CODE_DIRECTORY_VERSION);
  view.setUint32(12, FLAG_ADHOC);
  view.setUint32(16, hashOffset);
  view.setUint32(20, CODE_DIRECTORY_HEADER_SIZE);
  view.setUint32(24, SPECIAL_SLOT_COUNT);
  view.setUint32(28, pageCount);
  view.setUint32(32, code.length);
  view.setUint8(36, HASH_SIZE);
  view.setUint8(37, HASH_TYPE_SHA256);
  view.setUint8(39, PAGE_SIZE_LOG2);
  view.setBigUint64(64, BigInt(facts.textOffset));
  view.setBigUint64(72, BigInt(facts.textSize));
  view.setBigUint64(80, facts.isExecutable ? EXECUTABLE_SEGMENT_MAIN_BINARY : 0n);
  directory.set(identifierBytes, CODE_DIRECTORY_HEADER_SIZE);
  // Special slots count backwards from the page hashes; slot 1, the Info.plist, stays zero: there is none.
  directory.set(sha256(emptyRequirements()), hashOffset - SLOT_REQUIREMENTS * HASH_SIZE);
  for (let page = 0; page < pageCount; page += 1) {
    const hash = sha256(code.subarray(page * SIGNED_PAGE_SIZE, (page + 1) * SIGNED_PAGE_SIZE));
    directory.set(hash, hashOffset + page * HASH_SIZE);
  }
  return directory;
}

function superBlob(directory: Uint8Array): Uint8Array {
  const cms = new Uint8Array(8);
  viewOf(cms).setUint32(0, MAGIC_BLOB_WRAPPER);
  viewOf(cms).setUint32(4, cms.length);
  const parts = [
    { slot: SLOT_CODE_DIRECTORY, blob: directory },
    { slot: SLOT_REQUIREMENTS, blob: emptyRequirements() },
    { slot: SLOT_CMS, blob: cms },
  ];
  let offset = 12 + parts.length * 8;
  const total = offset + parts.reduce((sum, part) => sum + part.blob.length, 0);
  const bytes = new Uint8Array(total);
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC_SUPER_BLOB);
  view.setUint32(4, total);
  view.setUint32(8, parts.length);
  for (const [index, part] of parts.entries()) {
    view.setUint32(12 + index * 8, part.slot);
    view.setUint32(16 + index * 8, offset);
    bytes.set(part.blob, offset);
    offset += part.blob.length;
  }
  return bytes;
}

function emptyRequirements(): Uint8Array {
  const bytes = new Uint8Array(12);
  viewOf(bytes).setUint32(0, MAGIC_REQUIREMENTS);
  viewOf(bytes).setUint32(4, bytes.length);
  return bytes;
}

function codeDirectorySize(codeSize: number, identifier: string): number {
  const identifierSize = new TextEncoder().encode(identifier).length + 1;
  const slotCount = SPECIAL_SLOT_COUNT + Math.ceil(codeSize / SIGNED_PAGE_SIZE);
  return CODE_DIRECTORY_HEADER_SIZE + identifierSize + slotCount * HASH_SIZE;
}

function superBlobSize(codeSize: number, identifier: string): number {
  return 12 + 3 * 8 + codeDirectorySize(codeSize, identifier) + 12 + 8;
}

function readSuperBlob(bytes: Uint8Array): Result<ReadonlyMap<number, Uint8Array>, string> {
  const view = viewOf(bytes);
  if (bytes.length < 12 || view.getUint32(0) !== MAGIC_SUPER_BLOB)
    return err("the signature is not a SuperBlob");
  const count = view.getUint32(8);
  if (12 + count * 8 > bytes.length) return err("the SuperBlob's index is cut off");
  const blobs = new Map<number, Uint8Array>();
  for (let index = 0; index < count; index += 1) {
    const offset = view.getUint32(16 + index * 8);
    if (offset + 8 > bytes.length) return err("a blob lies outside the signature");
    const length = view.getUint32(offset + 4);
    if (offset + length > bytes.length) return err("a blob is cut off");
    blobs.set(view.getUint32(12 + index * 8), bytes.subarray(offset, offset + length));
  }
  return ok(blobs);
}

function requirementsMatch(directory: Uint8Array, requirements: Uint8Array | undefined): boolean {
  const view = viewOf(directory);
  if (view.getUint32(24) < SLOT_REQUIREMENTS) return requirements === undefined;
  const offset = view.getUint32(16) - SLOT_REQUIREMENTS * HASH_SIZE;
  const expected = requirements === undefined ? new Uint8Array(HASH_SIZE) : sha256(requirements);
  return sameBytes(directory.subarray(offset, offset + HASH_SIZE), expected);
}

function failingPages(bytes: Uint8Array, directory: Uint8Array): readonly number[] {
  const view = viewOf(directory);
  const hashOffset = view.getUint32(16);
  const codeLimit = view.getUint32(32);
  const pageSize = 1 << view.getUint8(39);
  const failed: number[] = [];
  for (let page = 0; page < view.getUint32(28); page += 1) {
    const code = bytes.subarray(page * pageSize, Math.min((page + 1) * pageSize, codeLimit));
    const stored = directory.subarray(hashOffset + page * HASH_SIZE, hashOffset + (page + 1) * HASH_SIZE);
    if (!sameBytes(sha256(code), stored)) failed.push(page);
  }
  return failed;
}

function textAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return new TextDecoder().decode(bytes.subarray(offset, end === -1 ? bytes.length : end));
}

function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(HASH_SIZE);
  Bun.SHA256.hash(bytes, digest);
  return digest;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
