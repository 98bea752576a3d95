import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** A tool of the mirror. */
export interface MirrorPart {
  readonly name: string;
  /** Other versions make other mirrors. */
  readonly versions: readonly string[];
  /** Fills the folder that stands for the publisher's site. */
  readonly make: (folder: string) => Promise<void>;
}

/** Runs a command and gives what it prints; throws where it fails. */
export async function run(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = Bun.spawn([...words], {
    cwd,
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, out, said] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  if (code !== 0) throw new Error(`${words.join(" ")} exited with ${code}\n${said.slice(-2000)}`);
  return out;
}

/** A folder beside the result, for what is unpacked and packed again. */
export async function scratch<T>(folder: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const place = await mkdtemp(join(folder, ".scratch-"));
  try {
    return await work(place);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Unpacks a package of npm; gives the folder with its files. */
export async function npmPackage(spec: string, place: string): Promise<string> {
  await run(["npm", "pack", "--silent", "--pack-destination", place, spec], place);
  const archive = (await readdir(place)).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`npm pack ${spec} made no archive`);
  await run(["tar", "-xzf", archive], place);
  await rm(join(place, archive));
  return join(place, "package");
}

/** Unpacks a wheel of PyPI; gives the folder with its files. */
export async function wheel(spec: string, place: string): Promise<string> {
  await run(
    ["pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest", place, spec],
    place,
  );
  const archive = (await readdir(place)).find((name) => name.endsWith(".whl"));
  if (archive === undefined) throw new Error(`pip download ${spec} gave no wheel`);
  await run(["unzip", "-q", archive, "-d", "wheel"], place);
  await rm(join(place, archive));
  return join(place, "wheel");
}

export async function sha256(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const piece of Bun.file(path).stream()) hasher.update(piece);
  return hasher.digest("hex");
}

export const writeJson = async (path: string, value: unknown): Promise<void> =>
  void (await Bun.write(path, `${JSON.stringify(value, undefined, 2)}\n`));
