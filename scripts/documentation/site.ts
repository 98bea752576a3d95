/**
 * Builds the documentation site from `docs/` and the pages beside it: `./scripts/site`. The generator has packages of its
 * own, named by `docs/site/package-lock.json`; they are installed below `dist/site-generator`, and so no part of the
 * project's.
 *
 *     ./scripts/site [--install] [--out FOLDER] [--base PATH]
 *
 * `--install` only installs the generator. `--out` is dist/site unless given; `--base` is where the site lies on its
 * server, `/` unless given. Exit code 69 where the generator can't be had.
 */
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, runCommand } from "#scripts/project";
import { readSitePages, siteParts } from "./site-pages";

const SOURCE = join(projectRoot, "docs/site");
const UNAVAILABLE = 69;

const GENERATOR = join(projectRoot, "dist/site-generator");
const PACKAGES = join(GENERATOR, "node_modules");
const STAMP = join(PACKAGES, ".zr-site");

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Builds the site; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      install: { type: "boolean", default: false },
      out: { type: "string", default: join(projectRoot, "dist/site") },
      base: { type: "string", default: "/" },
    },
  });
  const problem = await installGenerator();
  if (problem !== undefined) {
    console.error(`site: the generator can't be had: ${problem}`);
    return UNAVAILABLE;
  }
  if (values.install) return 0;
  const out = resolve(values.out);
  const failure = await buildSite(out, values.base);
  if (failure === undefined) console.log(`site: ${out}`);
  else console.error(failure);
  return failure === undefined ? 0 : 1;
}

/** Tells whether the generator of the lock file is installed. */
export async function hasGenerator(): Promise<boolean> {
  const stamp = Bun.file(STAMP);
  return (
    Bun.which("node") !== null && (await stamp.exists()) && (await stamp.text()) === (await lockDigest())
  );
}

/** Installs the generator by npm unless it is there. Returns why that was not possible. */
async function installGenerator(): Promise<string | undefined> {
  if (await hasGenerator()) return undefined;
  if (Bun.which("npm") === null || Bun.which("node") === null) return "it needs Node.js with npm";
  await mkdir(GENERATOR, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    await cp(join(SOURCE, name), join(GENERATOR, name));
  const words = ["npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const { exitCode, stderr } = await runCommand(words, { cwd: GENERATOR });
  if (exitCode !== 0) return `npm ci: ${stderr.trim()}`;
  await Bun.write(STAMP, await lockDigest());
  return undefined;
}

async function lockDigest(): Promise<string> {
  const lock = await Bun.file(join(SOURCE, "package-lock.json")).bytes();
  return new Bun.CryptoHasher("sha256").update(lock).digest("hex");
}

/**
 * Builds the site with the generator that is installed, and copies it into place when it is whole.
 *
 * @param out folder of the site; what was there is replaced
 * @param base path of the site on its server, with a `/` on both sides
 * @returns what the generator said where it failed
 */
export async function buildSite(out: string, base: string): Promise<string | undefined> {
  // Several can be built at once. Names in the site depend on the way from here to the generator, so it is always the same.
  const stage = await mkdtemp(join(projectRoot, "dist/.site-"));
  try {
    const made = join(stage, "made");
    await stageSite(stage, base);
    const vitepress = join(stage, "node_modules/vitepress/bin/vitepress.js");
    const words = ["node", vitepress, "build", stage, "--outDir", made];
    const { exitCode, stdout, stderr } = await runCommand(words, { cwd: stage });
    if (exitCode !== 0) return `${stdout}${stderr}`.trim();
    await rm(out, { recursive: true, force: true });
    await cp(made, out, { recursive: true });
    return undefined;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Puts everything that the generator reads into its folder. */
async function stageSite(stage: string, base: string): Promise<void> {
  const [pages, theme] = [join(stage, "pages"), join(stage, ".vitepress")];
  await symlink(PACKAGES, join(stage, "node_modules"), "dir");
  await cp(join(SOURCE, "package.json"), join(stage, "package.json"));
  await cp(join(SOURCE, ".vitepress"), theme, { recursive: true });
  await cp(join(projectRoot, "scripts/documentation/heading-slug.ts"), join(theme, "heading-slug.ts"));
  await cp(join(SOURCE, "icon.svg"), join(pages, "public/icon.svg"));
  await cp(join(projectRoot, "docs/images"), join(pages, "images"), { recursive: true });
  // The project's own file; its shape is fixed.
  const { repository, description, version } = (await Bun.file(join(projectRoot, "package.json")).json()) as {
    readonly repository: { readonly url: string };
    readonly description: string;
    readonly version: string;
  };
  const forge = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
  const sitePages = await readSitePages(forge);
  for (const { name, text } of sitePages) await Bun.write(join(pages, name), text);
  const parts = siteParts(sitePages);
  await Bun.write(
    join(stage, "site.json"),
    JSON.stringify({ base, description, version, repository: forge, parts }),
  );
}
