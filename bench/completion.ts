/**
 * How long a shell waits for an answer when somebody presses Tab: `zr complete` for command lines of all kinds, in a
 * workspace of 500 tasks in 25 packages, from the start of the process to its end.
 *
 *     bun bench/completion.ts [--rounds N] [--zr FILE]
 *
 * The exit code is 1 when a target was not reached: 30 ms for each line at the 95th percentile.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "./statistics";

const LIMIT_MS = 30;
const ROUNDS = 40;
const PACKAGES = 25;
const TASKS = 20;

/** Words behind `zr`; the last is being written. */
const LINES: readonly (readonly string[])[] = [
  [""],
  ["run", ""],
  ["run", "pkg-7:ta"],
  ["run", "pkg-7:task-3", ""],
  ["list", "--"],
  ["run", "--profile", ""],
  ["run", "--filter", ""],
  ["workflow", "release", "--from", ""],
  ["logs", ""],
  ["help", "E1"],
];

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string" }, zr: { type: "string" } },
  });
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const rounds = Number(values.rounds ?? ROUNDS);
  const root = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-completion-")));
  try {
    await writeWorkspace(root);
    for (let run = 0; run < 3; run += 1) spawn([zr, "run", "task-0"], root);
    let isReached = true;
    for (const words of LINES) {
      const times = measure([zr, "complete", "--shell", "bash", "--", ...words], { root, rounds });
      const [middle, late] = [quantile(times, 0.5), quantile(times, 0.95)];
      const verdict = late <= LIMIT_MS ? "reached" : "NOT reached";
      isReached &&= late <= LIMIT_MS;
      console.log(
        `${`zr ${words.join(" ")}▏`.padEnd(34)} ${middle.toFixed(1).padStart(6)} ms, 95 of 100 within ${late.toFixed(1)} ms: ${verdict}`,
      );
    }
    return isReached ? 0 : 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function measure(
  command: readonly string[],
  { root, rounds }: { readonly root: string; readonly rounds: number },
): number[] {
  spawn(command, root);
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    spawn(command, root);
    return performance.now() - start;
  });
}

function spawn(command: readonly string[], cwd: string): void {
  const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, LANG: "C.UTF-8" };
  const ended = Bun.spawnSync([...command], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  if (ended.exitCode !== 0) throw new Error(`${command.join(" ")}: ${ended.stderr.toString()}`);
}

const tasksOf = (name: string): string =>
  Array.from(
    { length: TASKS },
    (_, index) =>
      `[tasks.task-${index}]\ndescription = "Task ${index} of ${name}"\ncmd = "true"\n${
        index === 3 ? 'args = [{ name = "target", choices = ["prod", "staging"] }]\n' : ""
      }`,
  ).join("\n");

async function writeWorkspace(root: string): Promise<void> {
  const shared = `[workspace]\nmembers = ["packages/*"]\n\n[profiles.ci]\n[profiles.prod]\n\n[workflows.release]\nstages = [{ name = "check", tasks = ["task-0"] }, { name = "ship", tasks = ["task-1"] }]\n\n`;
  await writeFile(join(root, "zr.toml"), shared + tasksOf("the root"));
  for (let index = 1; index < PACKAGES; index += 1) {
    const folder = join(root, `packages/pkg-${index}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "zr.toml"), tasksOf(`pkg-${index}`));
  }
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
