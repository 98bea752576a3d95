import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILD, MONOREPO_FILES, monorepoPackages, sourcePaths, type MonorepoTool } from "./monorepo-files";
import { numberedText } from "./text";

/** A monorepo as it lies on the disk. */
export interface WrittenMonorepo {
  readonly folder: string;
  /** Names of the packages; `packages/NAME/dist` is what each build makes. */
  readonly packages: readonly string[];
  /** Changes one source in the middle of the dependency graph, to something else each time. */
  readonly changeOne: () => void;
  /** The packages that have to be built after that: the changed one, and those that need what it makes. */
  readonly rebuilt: readonly string[];
  /** The command by which each is built, in its folder. */
  readonly build: string;
}

const TEXT_BYTES = 256 * 1024;

/** Writes a monorepo of `count` packages for one tool into a folder. The sources are the same for each tool. */
export function writeMonorepo(tool: MonorepoTool, count: number, folder: string): WrittenMonorepo {
  const packages = monorepoPackages(count);
  const write = (path: string, content: string | Uint8Array): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [path, text] of Object.entries(MONOREPO_FILES[tool](packages))) write(path, text);
  const text = numberedText(count, TEXT_BYTES);
  let piece = 0;
  for (const one of packages) {
    for (const [index, path] of sourcePaths(one).entries()) {
      const size = one.sources[index] ?? 0;
      // Pieces of one text, each from another place, so that no two files are the same.
      const from = (piece += 4099) % (text.length - size);
      write(path, text.subarray(from, from + size));
    }
  }
  let changes = 0;
  const middle = packages[Math.floor(count / 2)];
  const [changed = ""] = middle === undefined ? [] : sourcePaths(middle);
  const needing = packages.filter(({ deps }) => middle !== undefined && deps.includes(middle.name));
  return {
    folder,
    packages: packages.map(({ name }) => name),
    rebuilt: [...(middle === undefined ? [] : [middle]), ...needing].map(({ name }) => name),
    build: BUILD,
    changeOne: () => write(changed, `change ${(changes += 1)} of ${tool}, at ${Date.now()}\n`),
  };
}

/** Writes one file a package, as large as what its build makes and named as the package is. */
export function writeOutputs(count: number, folder: string): void {
  const text = numberedText(count, TEXT_BYTES);
  mkdirSync(folder, { recursive: true });
  for (const { name, sources } of monorepoPackages(count)) {
    const size = sources.reduce((sum, one) => sum + one, 0);
    writeFileSync(join(folder, name), text.subarray(0, size));
  }
}
