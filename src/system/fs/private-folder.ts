import { fileSystem } from "#system/runtime-modules";
import { ignoreInGit } from "./ignore-in-git";

/**
 * Makes a folder below a state folder, where neither is there, that only its owner may look into. The state folder itself
 * says to git that nothing in it is anybody's source. Throws the system's error.
 */
export async function ensurePrivateFolder(path: string, state: string): Promise<void> {
  const { mkdir } = fileSystem();
  await mkdir(state, { recursive: true, mode: 0o700 });
  await mkdir(path, { recursive: true, mode: 0o700 });
  await ignoreInGit(state);
}
