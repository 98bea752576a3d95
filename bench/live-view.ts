/**
 * What the live view costs: 50 tasks run on a terminal of 80 by 24 and do nothing, and once more while one of them prints
 * ten lines a second through `--output prefixed`. The CPU time of zr is read from the system while they run, and how often
 * the view is drawn is counted in what the terminal gets. The same run without the view is measured beside it.
 *
 *     bun bench/live-view.ts [--seconds N] [--tasks N] [--zr FILE]
 *
 * Linux only. The exit code is 1 when a target was not reached: 2 % of a core, 15 drawings a second.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const MOST_CPU_PERCENT = 2;
const MOST_DRAWINGS = 15;
/** Given to the run to start everything, which is not what is measured. */
const WARM_UP_MS = 2000;
/** Ticks a second of the times in /proc (proc(5)); the same on every Linux that we know. */
const TICKS = 100;

interface Way {
  readonly title: string;
  readonly progress: boolean;
  readonly words: readonly string[];
  /** Command of the first task. */
  readonly first: string;
}

interface Cost {
  readonly cpuPercent: number;
  readonly drawings: number;
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: "string" }, tasks: { type: "string" }, zr: { type: "string" } },
  });
  const seconds = Number(values.seconds ?? 10);
  const tasks = Number(values.tasks ?? 50);
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const root = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-live-")));
  const sleep = `sleep ${seconds + 60}`;
  const lines = "while :; do echo line; sleep 0.1; done";
  const ways: readonly Way[] = [
    { title: "nothing happens, no view", progress: false, words: [], first: sleep },
    { title: "nothing happens", progress: true, words: [], first: sleep },
    { title: "ten lines a second, no view", progress: false, words: ["--output", "prefixed"], first: lines },
    { title: "ten lines a second", progress: true, words: ["--output", "prefixed"], first: lines },
  ];
  try {
    let isReached = true;
    for (const way of ways) {
      await writeFile(join(root, "zr.toml"), configuration(way, tasks, sleep));
      const { cpuPercent, drawings } = await measure(way, { zr, root, tasks, seconds });
      console.log(
        `${tasks} tasks, ${way.title}: ${cpuPercent.toFixed(1)} % of a core, ${drawings.toFixed(1)} drawings a second`,
      );
      if (way.progress) isReached &&= cpuPercent <= MOST_CPU_PERCENT && drawings <= MOST_DRAWINGS;
    }
    return isReached ? 0 : 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function configuration({ progress, first }: Way, tasks: number, sleep: string): string {
  const names = Array.from({ length: tasks }, (_, index) => `task-${index}`);
  return [
    `[ui]\nprogress = ${progress}`,
    `[tasks.all]\ndeps = ${JSON.stringify(names)}`,
    ...names.map((name, index) => `[tasks.${name}]\ncmd = ${JSON.stringify(index === 0 ? first : sleep)}`),
  ].join("\n");
}

interface Setting {
  readonly zr: string;
  readonly root: string;
  readonly tasks: number;
  readonly seconds: number;
}

async function measure({ words }: Way, { zr, root, tasks, seconds }: Setting): Promise<Cost> {
  let written = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([zr, "run", "all", `-j${tasks}`, ...words], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", HOME: root, TERM: "xterm-256color", LANG: "C.UTF-8" },
    terminal: { cols: 80, rows: 24, data: (_terminal, data) => (written += decoder.decode(data)) },
  });
  await Bun.sleep(WARM_UP_MS);
  const before = cpuTicks(child.pid);
  written = "";
  const startedAt = performance.now();
  await Bun.sleep(seconds * 1000);
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const ticks = cpuTicks(child.pid) - before;
  // Each drawing ends with the counts.
  const drawings = written.split(`of ${tasks}`).length - 1;
  child.kill("SIGINT");
  await child.exited;
  return { cpuPercent: ((ticks / TICKS) * 100) / elapsedSeconds, drawings: drawings / elapsedSeconds };
}

/** User and system time of a process, without its children: fields 14 and 15 of its stat. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
