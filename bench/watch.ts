/**
 * How long it takes from the write of a file to the start of the command that `zr watch` runs for it, the quiet time
 * taken off, in a tree of 10,000 files beside 2,000 ignored folders. The command prints the time at which it starts.
 * Then a storm: 5,000 files are written and renamed while zr watches, and it is counted what came of it.
 *
 *     bun bench/watch.ts [--changes N] [--zr FILE] [--poll]
 *
 * The exit code is 1 when a target was not reached: 50 ms at the 95th percentile, no change missed, at most one run more.
 */
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { seededNumbers } from "./generate/random";
import { quantile } from "./statistics";

const DEBOUNCE_MS = 100;
const FOLDERS = 1_000;
const FILES_IN_EACH = 10;
const IGNORED_FOLDERS = 2_000;
const STORM_FILES = 5_000;
const LIMIT_MS = 50;

const CONFIG = `
[tasks.stamp]
cmd = "date +%s%N"
watch = ["src/**"]

[tasks.count]
cmd = "ls storm | wc -l"
watch = ["storm/*.txt"]
`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { changes: { type: "string" }, zr: { type: "string" }, poll: { type: "boolean" } },
  });
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const root = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-watch-")));
  try {
    const paths = await makeTree(root);
    const options = values.poll === true ? ["--poll"] : [];
    const latency = await measureLatency({ zr, root, options }, paths, Number(values.changes ?? 200));
    const storm = await makeStorm({ zr, root, options });
    const late = quantile(latency, 0.95);
    console.log(
      `${paths.length} files, ${latency.length} changes: write to start of the command, beyond ${DEBOUNCE_MS} ms of quiet: ` +
        `least ${ms(quantile(latency, 0))}, median ${ms(quantile(latency, 0.5))}, 95 % ${ms(late)}, most ${ms(quantile(latency, 1))}`,
    );
    console.log(
      `storm of ${STORM_FILES} writes and renames: ${storm.seen} seen by the last run, ${storm.runs} runs`,
    );
    return late <= LIMIT_MS && storm.seen === STORM_FILES ? 0 : 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function makeTree(root: string): Promise<readonly string[]> {
  const paths: string[] = [];
  await writeFile(join(root, "zr.toml"), CONFIG);
  await writeFile(join(root, ".gitignore"), "/dist/\n*.log\n");
  await mkdir(join(root, "storm"));
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(root, "src", `area-${folder % 20}`, `part-${folder}`);
    await mkdir(path, { recursive: true });
    for (let file = 0; file < FILES_IN_EACH; file += 1) {
      paths.push(join(path, `file-${file}.ts`));
      await writeFile(paths[paths.length - 1] ?? "", `export const value = ${file};\n`);
    }
  }
  for (let folder = 0; folder < IGNORED_FOLDERS; folder += 1)
    await mkdir(join(root, "node_modules", `package-${folder}`, "lib"), { recursive: true });
  return paths;
}

interface Setting {
  readonly zr: string;
  readonly root: string;
  readonly options: readonly string[];
}

/** A watch, whose two streams are read line by line. */
class Watch implements AsyncDisposable {
  /** What the commands print. */
  readonly printed: Lines;
  /** What zr says. */
  readonly said: Lines;
  readonly #process: Bun.Subprocess<"ignore", "pipe", "pipe">;

  constructor({ zr, root, options }: Setting, task: string) {
    this.#process = Bun.spawn([zr, "watch", task, "--raw", ...options], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", HOME: root, NO_COLOR: "1" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.printed = new Lines(this.#process.stdout);
    this.said = new Lines(this.#process.stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGINT");
    await this.#process.exited;
  }
}

/** The lines of a stream as they come. */
class Lines {
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;

  constructor(stream: ReadableStream<Uint8Array>) {
    void this.#read(stream);
  }

  /** The next line that matches; those before it are dropped. */
  async next(wanted: RegExp): Promise<string> {
    for (;;) {
      const at = this.#lines.findIndex((line) => wanted.test(line));
      const line = this.#lines[at];
      if (line !== undefined) {
        this.#lines.splice(0, at + 1);
        return line;
      }
      await new Promise<void>((done) => (this.#wake = done));
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      this.#lines.push(...lines);
      this.#wake?.();
    }
  }
}

async function measureLatency(
  setting: Setting,
  paths: readonly string[],
  changes: number,
): Promise<readonly number[]> {
  await using watch = new Watch(setting, "stamp");
  await watch.printed.next(/^\d{19}$/);
  await watch.said.next(/^watching/);
  const random = seededNumbers(7);
  const found: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const path = paths[random(paths.length)] ?? "";
    const before = performance.timeOrigin + performance.now();
    await writeFile(path, `export const value = "change ${change}";\n`);
    const started = Number(BigInt(await watch.printed.next(/^\d{19}$/)) / 1_000n) / 1_000;
    found.push(started - before - DEBOUNCE_MS);
    await watch.said.next(/^watching/);
  }
  return found;
}

async function makeStorm(setting: Setting): Promise<{ readonly seen: number; readonly runs: number }> {
  await using watch = new Watch(setting, "count");
  await watch.printed.next(/^\s*0\s*$/);
  await watch.said.next(/^watching/);
  const folder = join(setting.root, "storm");
  for (let file = 0; file < STORM_FILES; file += 1) {
    await writeFile(join(folder, `${file}.tmp`), `${file}`);
    await rename(join(folder, `${file}.tmp`), join(folder, `${file}.txt`));
  }
  let runs = 0;
  for (let seen = 0; ;) {
    seen = Number(await watch.printed.next(/^\s*\d+\s*$/));
    runs += 1;
    await watch.said.next(/^watching/);
    if (seen >= STORM_FILES) return { seen, runs };
  }
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
