/**
 * What tools cost: `zr exec -- true` with four of them pinned and installed, beside `zr run` of a task that runs `true`
 * in a project without any; and what the shell hook takes before a prompt, where nothing has changed and where it has.
 *
 *     bun bench/tools.ts [--rounds N] [--zr FILE]
 *
 * Starts are interleaved; medians and least times in milliseconds. The exit code is 1 when a target was not reached: the
 * medians of exec and run are at most 3 ms apart, and a prompt takes less than 15 ms.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "./statistics";

const NAMES = ["node", "go", "zig", "java"];
const ABOVE_RUN_MS = 3;
const PROMPT_MS = 15;

interface Measured {
  readonly name: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly times: number[];
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string" }, zr: { type: "string" } },
  });
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const rounds = Number(values.rounds ?? 60);
  const root = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-tools-")));
  try {
    const contenders = await prepare(zr, root);
    for (let round = 0; round < rounds; round += 1) for (const one of contenders) one.times.push(start(one));
    return report(contenders);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A project with four tools, one without, and the state of a shell that stands in the first. */
async function prepare(zr: string, root: string): Promise<readonly Measured[]> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, XDG_DATA_HOME: join(root, "data"), CI: "true" };
  const [withTools, without] = [join(root, "with"), join(root, "without")];
  await mkdir(withTools);
  await mkdir(without);
  const task = '[tasks.one]\ncmd = "true"\n';
  await writeFile(join(without, "zr.toml"), task);
  await writeFile(
    join(withTools, "zr.toml"),
    `[tools]\n${NAMES.map((name) => `${name} = "1"\n`).join("")}${task}`,
  );
  const entries = NAMES.map((name) => `[[tools]]\ntool = "${name}"\nrequest = "1"\nversion = "1.2.3"\n`);
  await writeFile(join(withTools, "zr.lock"), `version = 1\n\n${entries.join("\n")}`);
  for (const tool of NAMES) {
    const home = join(root, "data", "zr", "tools", tool, "1.2.3");
    await mkdir(join(home, "bin"), { recursive: true });
    const marker = {
      v: 1,
      tool,
      version: "1.2.3",
      bin: ["bin"],
      env: { [`${tool.toUpperCase()}_HOME`]: "." },
    };
    await writeFile(join(home, ".zr-tool.json"), JSON.stringify(marker));
  }
  const once = (words: readonly string[]): string =>
    Bun.spawnSync([zr, ...words], { cwd: withTools, env }).stdout.toString();
  once(["trust"]);
  const state = /ZR_HOOK='([^']+)'/.exec(once(["hook", "bash", "--prompt"]))?.[1];
  if (state === undefined) throw new Error("the hook said nothing");
  const measured = (
    name: string,
    words: readonly string[],
    at: Pick<Measured, "cwd"> & Partial<Measured>,
  ): Measured => ({
    name,
    words: [zr, ...words],
    cwd: at.cwd,
    env: { ...env, ...at.env },
    times: [],
  });
  const prompt = ["hook", "bash", "--prompt"];
  return [
    measured("run, no tools", ["run", "one"], { cwd: without }),
    measured("exec, four tools", ["exec", "--", "true"], { cwd: withTools }),
    measured("run, four tools", ["run", "one"], { cwd: withTools }),
    measured("prompt, nothing changed", prompt, { cwd: withTools, env: { ZR_HOOK: state } }),
    measured("prompt, folder entered", prompt, { cwd: withTools }),
    measured("prompt, no project", prompt, { cwd: root }),
  ];
}

function start({ words, cwd, env }: Measured): number {
  const begin = Bun.nanoseconds();
  const { exitCode, stderr } = Bun.spawnSync([...words], { cwd, env, stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${stderr.toString()}`);
  return (Bun.nanoseconds() - begin) / 1e6;
}

function report(contenders: readonly Measured[]): number {
  const median = (name: string): number =>
    quantile(contenders.find((one) => one.name === name)?.times ?? [], 0.5);
  for (const { name, times } of contenders)
    console.log(
      `${name.padEnd(26)} median ${quantile(times, 0.5).toFixed(1)} ms, least ${Math.min(...times).toFixed(1)} ms`,
    );
  const above = median("exec, four tools") - median("run, no tools");
  const prompt = Math.max(
    ...contenders.filter(({ name }) => name.startsWith("prompt")).map(({ name }) => median(name)),
  );
  console.log(
    `exec above run: ${above.toFixed(1)} ms (at most ${ABOVE_RUN_MS}); longest prompt ${prompt.toFixed(1)} ms (under ${PROMPT_MS})`,
  );
  return above <= ABOVE_RUN_MS && prompt < PROMPT_MS ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
