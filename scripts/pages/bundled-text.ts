import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..", "..");
/** Where the pages' own scripts and styles are. */
const BROWSER = join(ROOT, "src", "frontends", "pages", "browser");

/**
 * A script or a style of `src/frontends/pages/browser` with all that it imports, as one text for a browser. Called as a
 * macro while the program is compiled, where the bundler can't be used in the same process.
 *
 * @param name of the file; throws where it can't be bundled, which ends the build
 * @param packages that it brings along; their licences stand at its beginning, as they ask for
 */
export function bundledText(name: string, ...packages: readonly string[]): string {
  const script = name.endsWith(".ts") ? ["--format=iife"] : [];
  const built = Bun.spawnSync([
    process.execPath,
    "build",
    join(BROWSER, name),
    "--target=browser",
    "--minify",
    "--production",
    ...script,
  ]);
  if (built.exitCode !== 0) throw new Error(`${name} can't be bundled: ${built.stderr.toString()}`);
  const licences = packages.map(
    (other) =>
      `/*\n${other}\n\n${readFileSync(join(ROOT, "node_modules", other, "LICENSE"), "utf8").trim()}\n*/\n`,
  );
  const text = licences.join("") + built.stdout.toString().trim();
  // Nothing in it may end the element that it will stand in.
  return text.replaceAll(/<(?=\/script|!--)/gi, "<\\");
}
