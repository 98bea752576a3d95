import { describe, expect, test } from "bun:test";
import { parseMachO } from "./macho";
import { signAdHoc, verifySignature } from "./macho-sign";

const CODE_SIZE = 3 * 4096 + 100;

/** A minimal executable: header, __TEXT, __LINKEDIT, LC_CODE_SIGNATURE, then patterned bytes as code. */
function syntheticMachO(): Uint8Array {
  const bytes = new Uint8Array(CODE_SIZE + 64);
  const view = new DataView(bytes.buffer);
  const header = [0xfeedfacf, 0x01000007, 3, 2, 3, 72 + 72 + 16];
  header.forEach((value, index) => view.setUint32(index * 4, value, true));
  const segment = (at: number, name: string, range: readonly [number, number]) => {
    view.setUint32(at, 0x19, true);
    view.setUint32(at + 4, 72, true);
    bytes.set(new TextEncoder().encode(name), at + 8);
    view.setBigUint64(at + 32, BigInt(range[1]), true);
    view.setBigUint64(at + 40, BigInt(range[0]), true);
    view.setBigUint64(at + 48, BigInt(range[1]), true);
  };
  segment(32, "__TEXT", [0, 8192]);
  segment(104, "__LINKEDIT", [8192, CODE_SIZE + 64 - 8192]);
  view.setUint32(176, 0x1d, true);
  view.setUint32(180, 16, true);
  view.setUint32(184, CODE_SIZE, true);
  view.setUint32(188, 64, true);
  for (let offset = 192; offset < CODE_SIZE; offset += 1) bytes[offset] = offset % 251;
  return bytes;
}

function signedSynthetic(): Uint8Array {
  const signed = signAdHoc(syntheticMachO(), "zr");
  if (!signed.ok) throw new Error(signed.error);
  return signed.value;
}

function reportOf(bytes: Uint8Array) {
  const report = verifySignature(bytes);
  if (!report.ok) throw new Error(report.error);
  return report.value;
}

describe("ad-hoc signing of Mach-O files", () => {
  test("a signed file verifies on every page and carries only the adhoc flag", () => {
    expect(reportOf(signedSynthetic())).toEqual({
      isValid: true,
      pageCount: 4,
      failedPages: [],
      flags: 0x2,
      identifier: "zr",
      problems: [],
    });
  });

  test("the signature ends the file and the __LINKEDIT segment, on a 16-byte boundary", () => {
    const signed = signedSynthetic();
    const parsed = parseMachO(signed);
    if (!parsed.ok) throw new Error(parsed.error);
    const { dataOffset, dataSize } = parsed.value.signature;
    const linkEdit = parsed.value.segments[1]!;
    expect({ end: dataOffset + dataSize, remainder: dataSize % 16 }).toEqual({
      end: signed.length,
      remainder: 0,
    });
    expect(linkEdit.fileOffset + linkEdit.fileSize).toBe(signed.length);
    expect(linkEdit.vmSize % 4096).toBe(0);
  });

  test("the executable segment of the CodeDirectory is the __TEXT segment of a main binary", () => {
    const signed = signedSynthetic();
    const directory = new DataView(signed.buffer, CODE_SIZE + 12 + 3 * 8);
    expect(directory.getUint32(0)).toBe(0xfade0c02);
    expect([64, 72, 80].map((offset) => Number(directory.getBigUint64(offset)))).toEqual([0, 8192, 1]);
  });

  test("signing twice gives the same bytes", () => {
    const once = signedSynthetic();
    const twice = signAdHoc(once, "zr");
    expect(twice.ok && Buffer.from(twice.value).equals(Buffer.from(once))).toBe(true);
  });

  test("a changed byte is reported with its page", () => {
    const signed = signedSynthetic();
    signed[2 * 4096 + 5] = 0xff - (signed[2 * 4096 + 5] ?? 0);
    expect(reportOf(signed)).toMatchObject({ isValid: false, failedPages: [2] });
  });

  test("a file that is no Mach-O, and one without a signature command, are refused with the reason", () => {
    expect(signAdHoc(new Uint8Array(10), "zr")).toEqual({
      ok: false,
      error: "not a thin 64-bit Mach-O file",
    });
    const unsigned = syntheticMachO();
    new DataView(unsigned.buffer).setUint32(176, 0x2a, true);
    expect(signAdHoc(unsigned, "zr")).toEqual({
      ok: false,
      error: "the file has no LC_CODE_SIGNATURE load command",
    });
  });

  const builtTargets = ["darwin-x64", "darwin-arm64"].filter((target) => builtFile(target).size > 0);
  for (const target of builtTargets) {
    test(`the built ${target} binary verifies on every page`, async () => {
      expect(reportOf(await builtFile(target).bytes())).toMatchObject({ isValid: true, failedPages: [] });
    });
  }
});

/** A binary of `bun run build:all`; empty when it has not been built. */
function builtFile(target: string) {
  return Bun.file(`${import.meta.dir}/../dist/zr-${target}`);
}
