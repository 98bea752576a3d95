import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./processes";

/** The repository's top folder. */
export const REPOSITORY = join(import.meta.dir, "..", "..");

const INPUTS = [
  "src/**/*",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/build.ts",
  "scripts/chunks.ts",
  "scripts/compile-flags.ts",
  "scripts/compile.ts",
  "scripts/everyday-modules.json",
  "scripts/libraries.ts",
  "scripts/pages/bundled-text.ts",
];
const LOCK_POLL_MS = 50;

let ensured: Promise<readonly string[]> | undefined;

/**
 * The words that start zr: the program at `ZR_TEST_BINARY`, `src/main.ts` under `ZR_TEST_SOURCE=1`,
 * else `dist/zr`, built first where a source has changed since it was. Test processes that run at
 * the same time build once.
 */
export function ensureBinary(): Promise<readonly string[]> {
  ensured ??= chooseProgram(REPOSITORY, process.env);
  return ensured;
}

/** Like `ensureBinary`, for any repository and environment. */
export async function chooseProgram(
  repository: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const given = env["ZR_TEST_BINARY"];
  if (given !== undefined && given !== "") return [given];
  if (env["ZR_TEST_SOURCE"] === "1") {
    return [process.execPath, "--no-env-file", "--no-install", join(repository, "src", "main.ts")];
  }
  const place = placeOf(repository);
  if (!isFresh(place, hashOfInputs(repository))) await buildUnderLock(repository, place);
  return [place.binary];
}

type Place = Readonly<Record<"dist" | "binary" | "stamp" | "lock", string>>;

function placeOf(repository: string): Place {
  const dist = join(repository, "dist");
  return {
    dist,
    binary: join(dist, process.platform === "win32" ? "zr.exe" : "zr"),
    stamp: join(dist, ".stamp"),
    lock: join(dist, ".build.lock"),
  };
}

function isFresh(place: Place, hash: string): boolean {
  return existsSync(place.binary) && readIfThere(place.stamp) === stampOf(place, hash);
}

/** Names the binary too, since others build to the same place without a stamp. */
function stampOf(place: Place, hash: string): string {
  const { size, mtimeMs } = statSync(place.binary);
  return `${hash} ${size} ${mtimeMs}\n`;
}

function hashOfInputs(repository: string): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const pattern of INPUTS) {
    for (const path of [...new Bun.Glob(pattern).scanSync({ cwd: repository })].toSorted()) {
      const content = readIfThere(join(repository, path)) ?? "";
      hasher.update(`${path}\0${content.length}\0${content}`);
    }
  }
  return hasher.digest("hex");
}

async function buildUnderLock(repository: string, place: Place): Promise<void> {
  mkdirSync(place.dist, { recursive: true });
  while (!takeLock(place.lock)) await Bun.sleep(LOCK_POLL_MS);
  try {
    // Whoever held the lock before may have built just this.
    const hash = hashOfInputs(repository);
    if (isFresh(place, hash)) return;
    await build(repository);
    writeFileSync(place.stamp, stampOf(place, hash));
  } finally {
    rmSync(place.lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = readIfThere(lock);
    // An empty lock is about to get its owner's number. Two that take over from a dead owner at
    // once would both build, which is a waste but no harm: the binary is put in place by a rename.
    if (owner !== undefined && owner !== "" && !isAlive(Number(owner))) rmSync(lock, { force: true });
    return false;
  }
}

async function build(repository: string): Promise<void> {
  const words = [process.execPath, join(repository, "scripts", "build.ts")];
  const built = Bun.spawn(words, { cwd: repository, stdout: "pipe", stderr: "pipe" });
  const [code, out, err] = await Promise.all([built.exited, built.stdout.text(), built.stderr.text()]);
  if (code !== 0) throw new Error(`zr could not be built: ${words.join(" ")}\n${out}${err}`);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
