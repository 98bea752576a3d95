import { pathExists } from "#system/fs/path-exists";
import { readSmall } from "#system/fs/read-small";
import { fileSystem } from "#system/runtime-modules";
import type { Host } from "#system/host";
import { writeFileAtomically } from "#system/fs/write-file";
import { toolsPlace } from "./tool-setting";

const folderOf = (host: Host): string => `${toolsPlace(host).folder}/.projects`;

/** Remembers that a lock pins tools here, so that those are not taken for unused. A failure only makes that forgotten. */
export async function rememberLock(path: string, host: Host): Promise<void> {
  const digest = new Bun.CryptoHasher("sha256").update(path).digest("hex").slice(0, 24);
  const note = `${folderOf(host)}/${digest}`;
  if (await pathExists(note)) return;
  await writeFileAtomically(note, path);
}

/** Paths of all locks that have been used and are still there. */
export async function knownLocks(host: Host): Promise<readonly string[]> {
  const { readdir } = fileSystem();
  const names = await readdir(folderOf(host)).catch(() => []);
  const paths = await Promise.all(
    names.map(async (name) => (await readSmall(`${folderOf(host)}/${name}`)) ?? ""),
  );
  const there = await Promise.all(paths.map((path) => (path === "" ? false : pathExists(path))));
  return paths.filter((_, index) => there[index]);
}
