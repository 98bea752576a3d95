/**
 * `./scripts/release [--version X.Y.Z] [--only TARGET]… [--prove] [--publish]`: makes a release in `dist/release`.
 *
 * The version is that of the tag `vX.Y.Z` on the commit, or `--version`. Archives with the program, README, licence and
 * completions, their SHA-256 sums, a signature of the sums (where `ZR_SIGNING_KEY` holds a secret key of minisign or names
 * its file), a bill of materials, the installers, the Homebrew formula and the notes. Nothing leaves the machine without
 * `--publish`, which hands all of it to `gh release create`. With `--prove` everything is built a second time, in another
 * folder, and has to be the same.
 */
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main as build } from "#scripts/build";
import { projectRoot, runCommand } from "#scripts/project";
import {
  ALL_TARGETS,
  executableSuffix,
  hostTarget,
  targetFileName,
  targetName,
  type Target,
} from "#scripts/targets";
import { changesSinceRelease, releaseNotes } from "./changes";
import { filesBeside, installerWith, keyOfInstaller, packProgram } from "./contents";
import { formula } from "./formula";
import { sbom } from "./sbom";
import { minisign, parseSecretKey, type SigningKey } from "./sign";

const OUT = join(projectRoot, "dist/release");
const INSTALLERS = ["install.sh", "install.ps1"] as const;

interface Options {
  readonly version: string;
  readonly targets: readonly Target[];
  readonly prove: boolean;
  readonly publish: boolean;
  readonly key: SigningKey | undefined;
  /** Of the commit; in seconds since 1970. */
  readonly time: number;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = await optionsOf(args);
  if (typeof options === "string") {
    console.error(`release: ${options}`);
    return 2;
  }
  const problem = await make(options);
  if (problem !== undefined) {
    console.error(`release: ${problem}`);
    return 1;
  }
  console.log(await Bun.file(join(OUT, "SHA256SUMS")).text());
  if (options.prove && !(await isReproducible(args))) return 1;
  if (options.publish) return publish(options.version);
  console.log("nothing was published: that takes --publish");
  return 0;
}

async function optionsOf(args: readonly string[]): Promise<Options | string> {
  const valuesOf = (name: string): readonly string[] =>
    args.flatMap((arg, index) =>
      arg === name && args[index + 1] !== undefined ? [args[index + 1] ?? ""] : [],
    );
  const known = new Set(["--version", "--only", "--prove", "--publish", "--dry-run"]);
  const unknown = args.find((arg) => arg.startsWith("--") && !known.has(arg));
  if (unknown !== undefined) return `unknown option ${unknown}`;
  const tag = await runCommand(["git", "describe", "--tags", "--exact-match", "--match", "v[0-9]*", "HEAD"]);
  const lacking = ["--version", "--only"].find((name) => args.at(-1) === name);
  if (lacking !== undefined) return `${lacking} needs a value`;
  const version = valuesOf("--version")[0] ?? tag.stdout.trim().replace(/^v/, "");
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    return "the commit has no tag such as v1.2.3; name the version by --version";
  const only = valuesOf("--only");
  const strange = only.find((name) => !ALL_TARGETS.some((target) => targetName(target) === name));
  if (strange !== undefined) return `there is no target ${strange}`;
  const targets =
    only.length === 0 ? ALL_TARGETS : ALL_TARGETS.filter((target) => only.includes(targetName(target)));
  const publishes = args.includes("--publish");
  const changes = await runCommand(["git", "status", "--porcelain"]);
  // What is proved or published is what the commit has.
  if ((publishes || args.includes("--prove")) && changes.stdout !== "")
    return "there are changes that are in no commit";
  const key = await signingKey();
  if (typeof key === "string") return key;
  const unpublishable = publishes ? await unpublishableWith(key) : undefined;
  if (unpublishable !== undefined) return unpublishable;
  const time = await runCommand(["git", "log", "-1", "--format=%ct"]);
  return {
    version,
    targets,
    prove: args.includes("--prove"),
    publish: publishes,
    key,
    time: Number(time.stdout.trim()) || 0,
  };
}

/** Why nothing signed by this key may be published. */
async function unpublishableWith(key: SigningKey | undefined): Promise<string | undefined> {
  if (key === undefined) return "a release is published only with a signature: set ZR_SIGNING_KEY";
  // The action installs by the scripts of the tag, so they have to know the key before it is set.
  for (const name of INSTALLERS)
    if ((await keyOfInstaller(name)) !== key.publicKey)
      return `scripts/${name} does not have the public key ${key.publicKey} as ZR_KEY`;
  return undefined;
}

async function signingKey(): Promise<SigningKey | string | undefined> {
  const given = process.env["ZR_SIGNING_KEY"] ?? "";
  if (given === "") return undefined;
  const file = Bun.file(given);
  const text = (await file.exists()) ? await file.text() : given;
  // The second build of a proof runs in another folder.
  process.env["ZR_SIGNING_KEY"] = text;
  const key = await parseSecretKey(text);
  return key.ok ? key.value : `ZR_SIGNING_KEY: ${key.error}`;
}

async function make({ version, targets, key, time }: Options): Promise<string | undefined> {
  process.env["ZR_BUILD_VERSION"] = version;
  if (key !== undefined) process.env["ZR_BUILD_KEY"] = key.publicKey;
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  // The completions are those that the program itself prints.
  if ((await build([])) !== 0 || (await build(targets.map(targetName))) !== 0) return "the build failed";
  const host = hostTarget();
  const beside = await filesBeside(
    join(projectRoot, "dist", `zr${host === undefined ? "" : executableSuffix(host)}`),
  );
  for (const target of targets) {
    const program = await Bun.file(join(projectRoot, "dist", targetFileName(target))).bytes();
    const { name, bytes } = packProgram({ version, target, program, beside, time });
    await write(name, bytes);
  }
  const lock = await Bun.file(join(projectRoot, "package-lock.json")).text();
  await write(`zr-${version}.cdx.json`, sbom({ version, lock, runtime: Bun.version, timeSeconds: time }));
  for (const name of INSTALLERS) await write(name, await installerWith(name, key?.publicKey));
  const sums = await sumsOf();
  await write("SHA256SUMS", [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join(""));
  if (key !== undefined) {
    const bytes = await Bun.file(join(OUT, "SHA256SUMS")).bytes();
    await write("SHA256SUMS.minisig", await minisign(bytes, key, `zr ${version}`));
  }
  const repository = await repositoryUrl();
  await write("zr.rb", formula({ version, sums, repository }));
  const changelog = await Bun.file(join(projectRoot, "CHANGELOG.md")).text();
  await write("NOTES.md", releaseNotes(version, changelog, await changesSinceRelease(version)));
  return undefined;
}

function write(name: string, content: string | Uint8Array): Promise<number> {
  return Bun.write(join(OUT, name), content);
}

/** By name: the SHA-256 of everything that is downloaded. */
async function sumsOf(): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  for (const name of (await readdir(OUT)).sort())
    sums.set(name, Bun.SHA256.hash(await Bun.file(join(OUT, name)).bytes(), "hex"));
  return sums;
}

/** `https://…` of the repository, by package.json. */
export async function repositoryUrl(): Promise<string> {
  // The project's own file.
  const { repository } = (await Bun.file(join(projectRoot, "package.json")).json()) as {
    readonly repository: { readonly url: string };
  };
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Builds the same commit in another folder and compares. */
async function isReproducible(args: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "zr-again-"));
  try {
    const clone = await runCommand(["git", "clone", "--quiet", "--no-hardlinks", projectRoot, folder]);
    if (clone.exitCode !== 0) throw new Error(clone.stderr);
    await cp(join(projectRoot, "node_modules"), join(folder, "node_modules"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const again = await runCommand(
      ["sh", "scripts/release", ...args.filter((arg) => arg !== "--prove" && arg !== "--publish")],
      { cwd: folder },
    );
    if (again.exitCode !== 0) throw new Error(again.stderr);
    const [first, second] = await Promise.all(
      [projectRoot, folder].map((place) => Bun.file(join(place, "dist/release/SHA256SUMS")).text()),
    );
    const isSame = first === second;
    console.log(
      isSame
        ? "built again in another folder: the same bytes"
        : `built again in another folder: not the same\n${second}`,
    );
    return isSame;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function publish(version: string): Promise<number> {
  const files = (await readdir(OUT)).filter((name) => name !== "NOTES.md" && name !== "zr.rb");
  const made = await runCommand([
    "gh",
    "release",
    "create",
    `v${version}`,
    "--title",
    `zr ${version}`,
    "--notes-file",
    join(OUT, "NOTES.md"),
    "--verify-tag",
    ...files.map((name) => join(OUT, name)),
  ]);
  console.log(made.stdout.trim());
  if (made.exitCode !== 0) console.error(`release: gh failed: ${made.stderr.trim()}`);
  return made.exitCode === 0 ? 0 : 1;
}
