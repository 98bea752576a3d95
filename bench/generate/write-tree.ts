import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bunLock, PACKAGE_MANAGER } from "./bun-workspace";
import { seededNumbers } from "./random";
import { numberedText } from "./text";

/** Tools that take part with a tree. */
export type TreeTool = "zr" | "turbo";

const FOLDERS = 50;
const LEAST_BYTES = 512;
const MOST_BYTES = 20 * 1024;
const SEED = 5_000;

/** The task, which has a file for an output for each of its sources. */
export const COPY = "cp -r src dist";

const PROJECT: Readonly<Record<TreeTool, Readonly<Record<string, string>>>> = {
  zr: {
    "zr.toml": `[cache]\nlocal_dir = ".zr-cache"\n\n[tasks.build]\ncmd = "${COPY}"\ncache = true\noutputs = ["dist"]\n`,
  },
  turbo: {
    "package.json": JSON.stringify({
      name: "bench",
      private: true,
      packageManager: PACKAGE_MANAGER,
      workspaces: [],
      scripts: { build: COPY },
    }),
    "bun.lock": bunLock([]),
    "turbo.json": JSON.stringify({ ui: "stream", tasks: { build: { outputs: ["dist/**"] } } }),
    "scripts/build": `exec ${COPY}\n`,
  },
};

/** Writes one package with `count` sources for one tool into a folder; the sources are the same for each tool. */
export function writeTree(tool: TreeTool, count: number, folder: string): void {
  const write = (path: string, content: string | Uint8Array): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [path, text] of Object.entries(PROJECT[tool])) write(path, text);
  write(".gitignore", "dist/\n.zr/\n.zr-cache/\n.turbo/\nnode_modules/\n");
  const next = seededNumbers(SEED);
  for (let number = 0; number < count; number += 1) {
    const size = LEAST_BYTES + next(MOST_BYTES - LEAST_BYTES);
    write(`src/${number % FOLDERS}/${number}.txt`, numberedText(number, size));
  }
}
