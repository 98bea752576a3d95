import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { readTar, TarError } from "#system/archive/tar-read";
import { tarArchive } from "#system/archive/tar-write";

const temp = mkdtempSync(join(tmpdir(), "zr-tar-"));
afterAll(() => rmSync(temp, { recursive: true, force: true }));
let folders = 0;

const part = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .map((name) =>
    Buffer.from(name.replaceAll(/[/\0]/g, "_").toWellFormed())
      .subarray(0, 80)
      .toString()
      .replaceAll("\ufffd", "_"),
  )
  .filter((name) => name !== "." && name !== "..");
const file = fc.record({
  name: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/")),
  content: fc.uint8Array({ maxLength: 2000 }),
  mode: fc.constantFrom(0o644, 0o755, 0o600),
});
type File = { readonly name: string; readonly content: Uint8Array; readonly mode: number };

/** Writes what can stand beside each other; gives the folder and what is in it. */
function written(files: readonly File[]): { folder: string; there: readonly File[] } {
  const folder = join(temp, String((folders += 1)));
  mkdirSync(folder);
  const there: File[] = [];
  for (const each of files) {
    try {
      mkdirSync(dirname(join(folder, each.name)), { recursive: true });
      writeFileSync(join(folder, each.name), each.content, { mode: each.mode, flag: "wx" });
      there.push(each);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      // A file where another one needs a folder, or the other way round.
    }
  }
  return { folder, there };
}

async function membersOf(chunks: AsyncIterable<Uint8Array>): Promise<object[]> {
  const members: object[] = [];
  for await (const { name, mode, size, isFile, body } of readTar(chunks)) {
    const content = new Uint8Array(Buffer.concat(await Array.fromAsync(body())));
    expect(content.length).toBe(size);
    if (isFile) members.push({ name, mode, content });
  }
  return members;
}

test("what is written is read again, and the system's tar reads it too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 5 }), async (files) => {
      const { folder, there } = written(files);
      const names = there.map(({ name }) => name);
      expect(await membersOf(tarArchive(folder, names))).toEqual([...there]);
      const target = `${folder}-out`;
      mkdirSync(target);
      const archive = Buffer.concat(await Array.fromAsync(tarArchive(folder, names)));
      const tar = Bun.spawnSync(["tar", "-xof", "-"], { cwd: target, stdin: new Blob([archive]) });
      expect(tar.exitCode).toBe(0);
      for (const { name, content, mode } of there) {
        expect(readFileSync(join(target, name)).equals(content)).toBe(true);
        expect(statSync(join(target, name)).mode & 0o111).toBe(mode & 0o111);
      }
    }),
    { numRuns: 30 },
  );
});

for (const format of ["gnu", "pax", "ustar"]) {
  test(`archives of the system's tar are read (${format})`, async () => {
    const { folder, there } = written([
      { name: "a", content: new Uint8Array([1, 2]), mode: 0o755 },
      { name: `${"long-name/".repeat(12)}é`, content: new Uint8Array(600), mode: 0o644 },
      { name: "empty", content: new Uint8Array(), mode: 0o644 },
    ]);
    const tar = (...names: readonly string[]): Uint8Array =>
      Bun.spawnSync(["tar", "-cf", "-", `--format=${format}`, ...names], { cwd: folder }).stdout;
    const [first = "", ...rest] = there.map(({ name }) => name);
    // Two archives, one behind the other.
    const bytes = Buffer.concat([tar(first), tar(...rest)]);
    const cut = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 333) yield bytes.subarray(at, at + 333);
    };
    expect(await membersOf(cut())).toEqual([...there]);
  });
}

test("bytes that are no archive end in an error of that kind, or in members, and never hang", async () => {
  const { folder, there } = written([{ name: "a", content: new Uint8Array(700), mode: 0o644 }]);
  const good = Buffer.concat(
    await Array.fromAsync(
      tarArchive(
        folder,
        there.map(({ name }) => name),
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, byte, length) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, length);
      };
      try {
        await membersOf(source());
      } catch (error) {
        expect(error).toBeInstanceOf(TarError);
      }
    }),
  );
});
