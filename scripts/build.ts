/**
 * `bun run build`: compiles the program for this machine into `dist/zr`.
 * `bun run build:all`: compiles it for every target into `dist/zr-<os>-<arch>`, with `dist/SHA256SUMS`, and packs the
 * editor extension into `dist/zr-vscode.vsix`.
 *
 * A target given by name (`bun run build linux-arm64`) is built alone. docs/building.md explains the flags.
 */
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { signAdHoc, verifySignature } from "./macho-sign";
import { compileProgram } from "./compile";
import { projectRoot, runCommand } from "./project";
import { findRuntime } from "./runtimes";
import {
  ALL_TARGETS,
  executableSuffix,
  hostTarget,
  targetFileName,
  targetName,
  type Target,
} from "./targets";

const DIST = join(projectRoot, "dist");

interface Job {
  readonly target: Target;
  /** The file's name in `dist/`. */
  readonly fileName: string;
}

interface Built {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** How much larger than the bare runtime; undefined when the compiler fetched the runtime by itself. */
  readonly addedBytes: number | undefined;
  readonly sha256: string;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Builds what the arguments name; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const jobs = jobsFor(args);
  if (!jobs.ok) {
    console.error(`build: ${jobs.error}`);
    return 2;
  }
  await mkdir(DIST, { recursive: true });
  const defines = await versionDefines();
  const builds: Built[] = [];
  for (const job of jobs.value) {
    const built = await buildOne(job, defines);
    if (!built.ok) {
      console.error(`build: ${job.fileName}: ${built.error}`);
      return 1;
    }
    console.log(describe(built.value));
    builds.push(built.value);
  }
  await writeSums(builds);
  return args.includes("--all") ? packExtension() : 0;
}

/** The extension for Visual Studio Code is the same for every target. */
async function packExtension(): Promise<number> {
  const { buildExtension } = await import("./build-vscode");
  const built = await buildExtension(join(DIST, "zr-vscode.vsix"));
  if (built.ok) console.log(`dist/zr-vscode.vsix: ${(built.value / 1e6).toFixed(2)} MB`);
  else console.error(`build: zr-vscode.vsix: ${built.error}`);
  return built.ok ? 0 : 1;
}

function jobsFor(args: readonly string[]): Result<readonly Job[], string> {
  if (args.includes("--all")) {
    return ok(ALL_TARGETS.map((target) => ({ target, fileName: targetFileName(target) })));
  }
  if (args.length === 0) {
    const target = hostTarget();
    if (target === undefined) return err(`zr is not built for ${process.platform} ${process.arch}`);
    return ok([{ target, fileName: `zr${executableSuffix(target)}` }]);
  }
  const jobs: Job[] = [];
  for (const name of args) {
    const target = ALL_TARGETS.find((candidate) => targetName(candidate) === name);
    if (target === undefined) {
      return err(`unknown target "${name}"; there are ${ALL_TARGETS.map(targetName).join(", ")} and --all`);
    }
    jobs.push({ target, fileName: targetFileName(target) });
  }
  return ok(jobs);
}

async function buildOne(job: Job, defines: readonly string[]): Promise<Result<Built, string>> {
  const runtime = await findRuntime(job.target);
  if (!runtime.ok) return runtime;
  const scratch = await mkdtemp(join(DIST, ".building-"));
  try {
    // The compiler embeds the output's name, so every build is called the same while it is being written.
    const file = join(scratch, `zr${executableSuffix(job.target)}`);
    const compiled = await compileProgram({ file, defines, words: targetWords(job.target, runtime.value) });
    if (!compiled.ok) return compiled;
    if (job.target.os === "darwin") {
      const signed = await signAndVerify(job.target, file);
      if (!signed.ok) return signed;
    }
    return ok(await finish(job, { file, runtime: runtime.value }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The words that make the compiler compile for the target. */
function targetWords(target: Target, runtime: string | undefined): readonly string[] {
  const isHost = runtime === process.execPath;
  const executable = runtime === undefined || isHost ? [] : [`--compile-executable-path=${runtime}`];
  return [`--target=bun-${targetName(target)}`, ...executable];
}

/** Gives a macOS binary a signature that matches its bytes where the compiler did not, and checks all of them. */
async function signAndVerify(target: Target, file: string): Promise<Result<undefined, string>> {
  const bytes = await Bun.file(file).bytes();
  const before = verifySignature(bytes);
  if (before.ok && before.value.isValid)
    return reportSignature(target, "signature of the compiler", before.value);
  const signed = signAdHoc(bytes, "zr");
  if (!signed.ok) return signed;
  const after = verifySignature(signed.value);
  if (!after.ok) return after;
  if (!after.value.isValid) return err(`the signature does not verify: ${after.value.problems.join(", ")}`);
  await Bun.write(file, signed.value);
  return reportSignature(target, "signed ad hoc", after.value);
}

function reportSignature(
  target: Target,
  how: string,
  report: { readonly pageCount: number; readonly flags: number },
): Result<undefined, string> {
  console.log(
    `${targetName(target)}: ${how}, ${report.pageCount} pages verify, flags 0x${report.flags.toString(16)}`,
  );
  return ok(undefined);
}

async function finish(
  job: Job,
  from: { readonly file: string; readonly runtime: string | undefined },
): Promise<Built> {
  await chmod(from.file, 0o755);
  const bytes = await Bun.file(from.file).bytes();
  await rename(from.file, join(DIST, job.fileName));
  return {
    fileName: job.fileName,
    sizeBytes: bytes.length,
    addedBytes: from.runtime === undefined ? undefined : bytes.length - Bun.file(from.runtime).size,
    sha256: Bun.SHA256.hash(bytes, "hex"),
  };
}

function describe(built: Built): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  const added =
    built.addedBytes === undefined ? "" : `, ${megabytes(built.addedBytes)} above the bare runtime`;
  return `dist/${built.fileName}: ${megabytes(built.sizeBytes)}${added}`;
}

/** Writes `dist/SHA256SUMS` in the form that `sha256sum --check` reads, keeping the lines of other files still there. */
async function writeSums(builds: readonly Built[]): Promise<void> {
  const path = join(DIST, "SHA256SUMS");
  const sums = new Map<string, string>();
  const previous = Bun.file(path);
  const lines = (await previous.exists()) ? (await previous.text()).split("\n") : [];
  for (const line of lines) {
    const [sum, name] = line.split("  ");
    if (sum && name && (await Bun.file(join(DIST, name)).exists())) sums.set(name, sum);
  }
  for (const built of builds) sums.set(built.fileName, built.sha256);
  const sorted = [...sums].sort(([left], [right]) => (left < right ? -1 : 1));
  await Bun.write(`${path}.new`, sorted.map(([name, sum]) => `${sum}  ${name}\n`).join(""));
  await rename(`${path}.new`, path);
}

async function versionDefines(): Promise<readonly string[]> {
  // package.json is the project's own file; its shape is fixed.
  const manifest = (await Bun.file(join(projectRoot, "package.json")).json()) as {
    readonly version: string;
    readonly repository: { readonly url: string };
  };
  const head = await runCommand(["git", "rev-parse", "--short=12", "HEAD"]);
  const changes = await runCommand(["git", "status", "--porcelain"]);
  const commit = head.exitCode === 0 ? head.stdout.trim() + (changes.stdout === "" ? "" : "+") : "unknown";
  // Set by scripts/release: the version of the tag, and the key that the release is signed with.
  const { ZR_BUILD_VERSION: buildVersion = "", ZR_BUILD_KEY: key = "" } = process.env;
  const releases = `${manifest.repository.url.replace(/^git\+/, "").replace(/\.git$/, "")}/releases`;
  const texts = {
    ZR_VERSION: buildVersion === "" ? manifest.version : buildVersion,
    ZR_COMMIT: commit,
    ZR_RELEASE_KEY: key,
    ZR_RELEASES_URL: releases,
  };
  return Object.entries(texts).flatMap(([name, text]) => ["--define", `${name}=${JSON.stringify(text)}`]);
}
