import { fileSystem } from "#system/runtime-modules";

/** Text of a control file without its last line end; undefined where it can't be read, which mostly means that it is not there. */
export async function readControl(path: string): Promise<string | undefined> {
  try {
    return (await fileSystem().readFile(path, "utf8")).trimEnd();
  } catch {
    return undefined;
  }
}

/** Writes a control file; false where the kernel refuses. */
export async function writeControl(path: string, text: string): Promise<boolean> {
  try {
    await fileSystem().writeFile(path, text, { flag: "r+" });
    return true;
  } catch {
    return false;
  }
}

/** The number in a file of `name number` lines, such as `memory.events` and `cpu.stat`; 0 where it is not told. */
export async function readEntry(path: string, name: string): Promise<number> {
  const line = (await readControl(path))?.split("\n").find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1)) || 0;
}
