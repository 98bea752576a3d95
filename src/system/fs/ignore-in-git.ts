import { fileSystem } from "#system/runtime-modules";

/**
 * Has a state folder say to git that nothing in it is anybody's source, so that it needs no line in the user's own
 * ignore file. What is there is left as it is. Throws the system's error.
 *
 * @param state an existing folder.
 */
export async function ignoreInGit(state: string): Promise<void> {
  const { rm, writeFile } = fileSystem();
  const path = `${state}/.gitignore`;
  try {
    await writeFile(path, "*\n", { flag: "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    // An empty one, as a full disk leaves it, would stay and ignore nothing.
    await rm(path, { force: true });
    throw error;
  }
}
