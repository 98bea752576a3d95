import { randomKey } from "#system/random-key";
import { atOnceFlag } from "./read-at-once";
import { fileSystem } from "#system/runtime-modules";

/**
 * A random text that only the user can read, made when it is first asked for. Undefined where it can be neither read nor
 * made.
 */
export async function ownKey(path: string): Promise<string | undefined> {
  const { mkdir, readFile, writeFile } = fileSystem();
  const read = async (): Promise<string | undefined> => {
    const text = await readFile(path, { encoding: "utf8", flag: atOnceFlag() }).catch(() => "");
    return /^[0-9a-f]{64}$/.test(text.trim()) ? text.trim() : undefined;
  };
  const known = await read();
  if (known !== undefined) return known;
  try {
    await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    const made = randomKey() + randomKey();
    await writeFile(path, `${made}\n`, { flag: "wx", mode: 0o600 });
    return made;
  } catch {
    // Another run may have made it meanwhile.
    return read();
  }
}
