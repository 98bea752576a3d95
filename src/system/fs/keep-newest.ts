import { replaceFile } from "./file-entry";
import { fileSystem } from "#system/runtime-modules";

/**
 * Puts a file into a folder that only its owner may look into, and removes the oldest of its files beyond `most`. Never
 * fails: what is kept so can be made again.
 */
export async function keepNewest(path: string, bytes: Uint8Array, most: number): Promise<void> {
  const { mkdir, readdir, rm, stat } = fileSystem();
  const folder = path.slice(0, path.lastIndexOf("/"));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!replaceFile(path, bytes)) return;
    const names = await readdir(folder);
    if (names.length <= most) return;
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(`${folder}/${name}`)).mtimeMs })),
    );
    const old = dated.sort((one, other) => other.at - one.at).slice(most);
    for (const { name } of old) await rm(`${folder}/${name}`, { force: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
