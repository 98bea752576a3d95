/**
 * Builds and tests well-known open-source packages by zr, then puts a mistake into two of them and shows what zr says.
 *
 *     bun scripts/real-world/run.ts [FOLDER] [--zr FILE]
 *
 * Opt-in: it needs the network, npm, Go, Cargo and Python; a package that cannot be fetched is left out. FOLDER keeps
 * what was fetched and built, so a second start is quick; without it a temporary folder is used and removed. What is
 * printed is also written to FOLDER/transcript.txt, or to dist/real-world.txt. The exit code is 1 when a run did not end
 * as it should.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { minimist } from "./minimist";
import { moreItertools } from "./more-itertools";
import type { RealPackage } from "./package";
import { pflag } from "./pflag";
import { semver } from "./semver";

const PACKAGES: readonly RealPackage[] = [minimist, pflag, semver, moreItertools];
/** They get the mistakes. */
const BROKEN: readonly RealPackage[] = [minimist, pflag];
/** Some of the packages print hundreds of lines when all is well. */
const RUN = ["run", "--output", "errors-only"];
const root = dirname(dirname(import.meta.dir));

interface Session {
  readonly folder: string;
  readonly zr: string;
  /** Prints and keeps. */
  readonly say: (text: string) => void;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Does everything; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { zr: { type: "string" } },
  });
  const [given] = positionals;
  const folder = given === undefined ? await mkdtemp(join(tmpdir(), "zr-real-world-")) : resolve(given);
  const transcript: string[] = [];
  const say = (text: string): void => {
    console.log(text);
    transcript.push(text);
  };
  try {
    const session = { folder, zr: resolve(values.zr ?? join(root, "dist/zr")), say };
    return (await build(session)) ? 0 : 1;
  } finally {
    const file = given === undefined ? join(root, "dist/real-world.txt") : join(folder, "transcript.txt");
    await Bun.write(file, `${transcript.join("\n")}\n`);
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Fetches, runs, breaks, runs, repairs, runs; true when each run ended as it should. */
async function build(session: Session): Promise<boolean> {
  const fetched: RealPackage[] = [];
  for (const one of PACKAGES) if (await fetchPackage(one, session)) fetched.push(one);
  if (fetched.length === 0) return false;
  await Bun.write(join(session.folder, "zr.toml"), workspaceConfig(fetched));
  const broken = BROKEN.filter((one) => fetched.includes(one));

  const outcomes = [await zr(session, ["list"], "succeeds"), await zr(session, [...RUN, "ci"], "succeeds")];
  for (const one of broken) await exchange(one, session, { from: "right", to: "wrong" });
  try {
    outcomes.push(await zr(session, [...RUN, "--keep-going", "ci"], "fails"));
    for (const { name } of broken) outcomes.push(await zr(session, ["explain", `${name}:test`], "succeeds"));
  } finally {
    for (const one of broken) await exchange(one, session, { from: "wrong", to: "right" });
  }
  outcomes.push(await zr(session, [...RUN, "ci"], "succeeds"));
  return outcomes.every(Boolean);
}

/** Puts a package into its folder, unless it is there; false when it could not be fetched. */
async function fetchPackage(one: RealPackage, { folder, say }: Session): Promise<boolean> {
  const target = join(folder, one.name);
  const config = Bun.file(join(target, "zr.toml"));
  if (!(await config.exists())) {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    for (const [name = "", ...words] of one.fetch) {
      const executable = Bun.which(name);
      const done =
        executable === null
          ? undefined
          : Bun.spawnSync([executable, ...words], { cwd: target, stdin: "ignore", stdout: "pipe" });
      if (done?.exitCode === 0) continue;
      const why = done === undefined ? `${name} is not here` : `${name}: ${done.stderr.toString().trim()}`;
      say(`${one.name} ${one.version}: left out: ${why}`);
      return false;
    }
  }
  await config.write(one.config.trimStart());
  say(`${one.name} ${one.version}, ${one.language}`);
  return true;
}

function workspaceConfig(packages: readonly RealPackage[]): string {
  const members = packages.map((one) => JSON.stringify(one.name)).join(", ");
  return `[workspace]
members = [${members}]
infer = []

[tasks.ci]
description = "Build and test everything"
deps = ["*:build", "*:test", "*:vet", "*:doctest", "*:examples"]
`;
}

/** Runs zr and shows what it said; true when it ended as expected. */
async function zr(
  { folder, zr, say }: Session,
  args: readonly string[],
  expected: "succeeds" | "fails",
): Promise<boolean> {
  say(`\n$ zr ${args.join(" ")}`);
  const child = Bun.spawn(["/bin/sh", "-c", 'exec "$0" "$@" 2>&1', zr, ...args], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  say((await child.stdout.text()).trimEnd());
  const code = await child.exited;
  say(`[exit code ${code}]`);
  const isExpected = (code === 0) === (expected === "succeeds");
  if (!isExpected) say(`real-world: this was expected otherwise: the run ${expected}`);
  return isExpected;
}

async function exchange(
  { name, mistake }: RealPackage,
  { folder, say }: Session,
  texts: { readonly from: "right" | "wrong"; readonly to: "right" | "wrong" },
): Promise<void> {
  const file = join(folder, name, mistake.file);
  const text = await Bun.file(file).text();
  const changed = text.replace(mistake[texts.from], () => mistake[texts.to]);
  if (changed === text) throw new Error(`${file} does not contain ${mistake[texts.from]}`);
  await Bun.write(file, changed);
  say(`\n${name}/${mistake.file}: "${mistake[texts.from]}" becomes "${mistake[texts.to]}"`);
}
