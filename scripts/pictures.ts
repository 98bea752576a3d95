/**
 * Writes the pictures in docs/images: of terminals from the real program on pseudo-terminals, of pages from Chromium.
 *
 *     bun scripts/pictures.ts [--zr FILE]
 *
 * `--zr` is another executable than dist/zr. The times in the pictures are those of this machine.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { liveViewPictures } from "./pictures/live-view";
import { pagePictures } from "./pictures/pages";
import { sessionPictures } from "./pictures/session";
import { tuiPictures } from "./pictures/tui";
import { projectRoot } from "./project";

/** All that make pictures, one a file. */
const MAKERS: readonly ((zr: string) => Promise<Iterable<readonly [string, string | Uint8Array]>>)[] = [
  liveViewPictures,
  tuiPictures,
  sessionPictures,
  pagePictures,
];

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Writes all pictures; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { zr: { type: "string" } } });
  const zr = resolve(values.zr ?? join(projectRoot, "dist/zr"));
  for (const make of MAKERS) {
    for (const [path, content] of await make(zr)) {
      await Bun.write(join(projectRoot, path), content);
      console.log(`wrote ${path}`);
    }
  }
  return 0;
}
