/**
 * Puts the libraries of `src/libraries` into `dist/libraries`, where the bundler finds them under the condition
 * `release`: each as one file, packed, and a module that unpacks that file in the program and exports what it exports.
 * A packed library takes a quarter of its room and loads a millisecond later; these are used seldom, and then for long.
 */
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { projectRoot, runCommand } from "./project";

const SOURCE = "src/libraries";
const TARGET = "dist/libraries";
/** The library's best but those that need more memory to unpack. */
const LEVEL = 19;

/** The condition under which `#libraries/…` of package.json means what this makes. */
export const LIBRARIES_CONDITION = "--conditions=release";

/** How a packed library's name ends. */
export const PACKED = ".zst";

/**
 * Makes all of them. The error is what the bundler said. Builds may do this at the same time: each file is put in its place
 * whole, and all of them put the same there.
 */
export async function bundleLibraries(): Promise<Result<undefined, string>> {
  const target = join(projectRoot, TARGET);
  await mkdir(target, { recursive: true });
  const scratch = await mkdtemp(join(target, ".making-"));
  try {
    const files = [...new Bun.Glob("*.ts").scanSync(join(projectRoot, SOURCE))];
    for (const file of files.filter((name) => !name.endsWith(".test.ts")).toSorted()) {
      const made = await bundleLibrary(file.slice(0, -".ts".length), scratch);
      if (!made.ok) return made;
      for (const name of made.value) await rename(join(scratch, name), join(target, name));
    }
    return ok(undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The names of the files that were written into the folder. */
async function bundleLibrary(name: string, folder: string): Promise<Result<readonly string[], string>> {
  const bundle = join(folder, `${name}.mjs`);
  const source = `${SOURCE}/${name}.ts`;
  const bundled = await runCommand([
    process.execPath,
    "build",
    source,
    "--target=bun",
    "--format=esm",
    "--minify",
    "--production",
    "--outfile",
    bundle,
  ]);
  if (bundled.exitCode !== 0) return err(`${source}: ${(bundled.stderr || bundled.stdout).trim()}`);
  await forgetFolder(bundle);
  const exported = Object.keys((await import(bundle)) as Record<string, unknown>);
  const packed = `${name}.mjs${PACKED}`;
  await Bun.write(
    join(folder, packed),
    Bun.zstdCompressSync(await Bun.file(bundle).bytes(), { level: LEVEL }),
  );
  await Bun.write(join(folder, `${name}.ts`), unpacking(packed, exported));
  return ok([packed, `${name}.ts`]);
}

const unpacking = (packed: string, exported: readonly string[]): string => `
import path from "./${packed}" with { type: "file" };
const text = Bun.zstdDecompressSync(await Bun.file(new URL(path, import.meta.url)).bytes());
const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
export const { ${exported.join(", ")} } = await import(url);
URL.revokeObjectURL(url);
`;

/** The bundler writes the folder of a module where that asks for its own: releases built in two folders would differ. */
async function forgetFolder(bundle: string): Promise<void> {
  const text = await Bun.file(bundle).text();
  const folder = JSON.stringify(projectRoot).slice(1, -1);
  if (text.includes(folder)) await Bun.write(bundle, text.replaceAll(folder, ""));
}
