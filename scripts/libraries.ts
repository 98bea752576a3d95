/**
 * Puts the libraries of `src/libraries` into `dist/libraries`, where the compiler finds them under the condition
 * `release`: each as one plain file, and a module that loads that file from the program and exports what it exports.
 * What is compiled beforehand takes ten times the room of its text; these are used seldom, and then for long.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { projectRoot, runCommand } from "./project";

const SOURCE = "src/libraries";
const TARGET = "dist/libraries";

/** The condition under which `#libraries/…` of package.json means what this makes. */
export const LIBRARIES_CONDITION = "--conditions=release";

/** Makes all of them. The error is what the bundler said. */
export async function bundleLibraries(): Promise<Result<undefined, string>> {
  const target = join(projectRoot, TARGET);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const files = [...new Bun.Glob("*.ts").scanSync(join(projectRoot, SOURCE))].filter(
    (name) => !name.endsWith(".test.ts"),
  );
  for (const file of files.sort()) {
    const name = file.slice(0, -".ts".length);
    const bundled = await runCommand([
      process.execPath,
      "build",
      `${SOURCE}/${file}`,
      "--target=bun",
      "--format=esm",
      "--minify",
      "--production",
      "--outfile",
      join(target, `${name}.mjs`),
    ]);
    if (bundled.exitCode !== 0) return err(`${SOURCE}/${file}: ${(bundled.stderr || bundled.stdout).trim()}`);
    await forgetFolder(join(target, `${name}.mjs`));
    const exported = Object.keys((await import(join(target, `${name}.mjs`))) as Record<string, unknown>);
    await Bun.write(
      join(target, file),
      `import path from "./${name}.mjs" with { type: "file" };\nexport const { ${exported.join(", ")} } = await import(path);\n`,
    );
  }
  return ok(undefined);
}

/** The bundler writes the folder of a module where that asks for its own: releases built in two folders would differ. */
async function forgetFolder(bundle: string): Promise<void> {
  const text = await Bun.file(bundle).text();
  const folder = JSON.stringify(projectRoot).slice(1, -1);
  if (text.includes(folder)) await Bun.write(bundle, text.replaceAll(folder, ""));
}
