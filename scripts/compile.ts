/**
 * How the program is made: its source is bundled into chunks, each loaded when it is first needed; those that everyday
 * commands load are compiled beforehand, the others stay text, which the runtime compiles when it gets there. Compiled code
 * takes four times the room of its text, and most of the program is used seldom.
 */
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { COMPILE_FLAGS } from "./compile-flags";
import { divideChunks, type Division, type Metafile } from "./chunks";
import { bundleLibraries, LIBRARIES_CONDITION, PACKED } from "./libraries";
import everyday from "./everyday-modules.json";
import { runCommand } from "./project";

/** The program and its threads. */
const ENTRY_POINTS = ["src/main.ts", "src/worker.ts"];

/** Where what stays text waits for the compiler, out of its way: to it these imports lead out of the bundle. */
const TEXT = "text";
/** Names all of them, so that they get into the program, beside the compiled ones; nobody ever loads it. */
const TEXT_FILES = "text-files.js";

export interface Compilation {
  /** Where the program is written, absolute. */
  readonly file: string;
  /** `--define` and what it defines, each. */
  readonly defines: readonly string[];
  /** More words for the compiler: the target and its runtime. */
  readonly words?: readonly string[];
}

/** Makes a program. The error is what the bundler or the compiler said. */
export async function compileProgram({
  file,
  defines,
  words = [],
}: Compilation): Promise<Result<undefined, string>> {
  const folder = await mkdtemp(join(dirname(file), ".bundle-"));
  try {
    const bundled = await bundle(folder, defines);
    if (!bundled.ok) return bundled;
    return await compile(folder, divide(bundled.value, folder), ["--outfile", file, ...words]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the program's chunks into a folder; the value is the bundler's account of them. */
export async function bundle(folder: string, defines: readonly string[]): Promise<Result<Metafile, string>> {
  const libraries = await bundleLibraries();
  if (!libraries.ok) return libraries;
  const metafile = join(folder, "metafile.json");
  const built = await runCommand([
    process.execPath,
    "build",
    "--target=bun",
    "--format=esm",
    "--splitting",
    "--minify",
    "--production",
    "--asset-naming=[name].[ext]",
    LIBRARIES_CONDITION,
    `--metafile=${metafile}`,
    `--outdir=${folder}`,
    ...defines,
    ...ENTRY_POINTS,
  ]);
  if (built.exitCode !== 0) return err(`the bundler failed:\n${(built.stderr || built.stdout).trim()}`);
  // Written by the bundler.
  return ok((await Bun.file(metafile).json()) as Metafile);
}

/** What of the bundle in the folder is compiled beforehand; names of files there. */
export function divide(bundled: Metafile, folder: string): Division & { readonly packed: readonly string[] } {
  const packed = [...new Bun.Glob(`*${PACKED}`).scanSync(folder)].toSorted();
  return { ...divideChunks(bundled, new Set([...ENTRY_POINTS, ...everyday])), packed };
}

async function compile(
  folder: string,
  { text, packed, shared }: ReturnType<typeof divide>,
  words: readonly string[],
): Promise<Result<undefined, string>> {
  await mkdir(join(folder, TEXT));
  const files = [...text, ...packed];
  for (const name of files) await rename(join(folder, name), join(folder, TEXT, name));
  const imports = files.map((name, at) => `import f${at} from "./${TEXT}/${name}" with { type: "file" };\n`);
  const names = files.map((_, at) => `f${at}`).join();
  await Bun.write(join(folder, TEXT_FILES), `${imports.join("")}export default [${names}];\n`);
  const entries = ENTRY_POINTS.map((path) => path.replace(/^src\/(.*)\.ts$/, "$1.js"));
  const built = await runCommand(
    [
      process.execPath,
      "build",
      ...COMPILE_FLAGS,
      "--asset-naming=[name].[ext]",
      ...text.map((name) => `--external=./${name}`),
      ...words,
      ...[...new Set([...entries, TEXT_FILES, ...shared])].map((name) => `./${name}`),
    ],
    { cwd: folder },
  );
  if (built.exitCode !== 0) return err(`the compiler failed:\n${(built.stderr || built.stdout).trim()}`);
  return ok(undefined);
}
