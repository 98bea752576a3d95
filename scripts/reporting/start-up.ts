import { performance } from "node:perf_hooks";

/** A command line to time. */
export interface Timed {
  readonly title: string;
  readonly words: readonly string[];
}

/** How long a command took, of several times. */
export interface StartUp extends Timed {
  /** Milliseconds. */
  readonly median: number;
  /** Median of the ratios to the first command's time in the same round. */
  readonly ratio: number;
}

/**
 * Runs each command once a round, in turn, so that whatever slows the machine down slows all of them.
 *
 * @param commands the first is what the others are compared with.
 */
export function timeCommands(
  commands: readonly Timed[],
  {
    rounds,
    cwd,
    env,
  }: { readonly rounds: number; readonly cwd: string; readonly env: Record<string, string> },
): readonly StartUp[] {
  const times = commands.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, { words }] of commands.entries()) {
      const start = performance.now();
      const { exitCode, stderr } = Bun.spawnSync([...words], { cwd, env, stdout: "ignore", stderr: "pipe" });
      const took = performance.now() - start;
      if (exitCode !== 0) throw new Error(`${words.join(" ")}: exit code ${exitCode}: ${stderr.toString()}`);
      // The first round only brings the files into memory.
      if (round >= 0) times[index]?.push(took);
    }
  }
  return commands.map((command, index) => {
    const own = times[index] ?? [];
    const ratios = own.map((time, round) => time / (times[0]?.[round] ?? Number.NaN));
    return { ...command, median: median(own), ratio: median(ratios) };
  });
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
