import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot, runCommand } from "#scripts/project";

const NAME = "left-pad";
const VERSION = "1.3.0";
/** What its tests need, as they were when it was published. */
const NEEDS = ["tape@4.17.0", "fast-check@0.0.8"];

/** The folder of a package of npm as it was published, with what its tests need; or why it can't be had. */
export async function realProject(): Promise<{ readonly folder: string } | { readonly unavailable: string }> {
  const folder = join(projectRoot, "dist/try-install", `${NAME}-${VERSION}`);
  if (existsSync(folder)) return { folder };
  const scratch = `${folder}.new-${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=0"];
  for (const words of [
    ["npm", "pack", `${NAME}@${VERSION}`, "--silent", "--fetch-retries=0"],
    ["tar", "-xzf", `${NAME}-${VERSION}.tgz`, "--strip-components=1"],
    ["rm", `${NAME}-${VERSION}.tgz`],
    ["npm", "install", "--no-save", "--no-package-lock", ...quietly, ...NEEDS],
  ]) {
    const { exitCode, stderr } = await runCommand(words, { cwd: scratch });
    if (exitCode === 0) continue;
    await rm(scratch, { recursive: true, force: true });
    return { unavailable: `${words.slice(0, 2).join(" ")} failed: ${stderr.trim()}` };
  }
  await rename(scratch, folder);
  return { folder };
}
