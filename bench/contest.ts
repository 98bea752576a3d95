import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { labEnvironment } from "./lab";
import type { Measure, Sample } from "./measure";
import type { Contender, Contest, Target } from "./scenarios/scenario";
import { quantile, summarize, type Summary } from "./statistics";

/** What was measured of one contender, or why it was left out. */
export interface Measured {
  readonly name: string;
  readonly rounds: number;
  readonly wallMs: Summary;
  readonly cpuMs: Summary;
  readonly memoryMb: Summary;
  /** How much it printed in one round. */
  readonly megabytes?: number;
  readonly problem?: string;
}

/** A target with what was reached: ratios of the medians and of the least values. */
export interface Verdict extends Target {
  readonly ofMedians: number;
  readonly ofLeast: number;
  /** `least only`: the least values are within the limit, the medians are not. */
  readonly reached: "yes" | "least only" | "no" | "not measured";
}

export interface ContestResult {
  readonly title: string;
  readonly rounds: number;
  readonly measured: readonly Measured[];
  readonly verdicts: readonly Verdict[];
}

export interface ContestOptions {
  readonly scratch: string;
  readonly measure: Measure;
  /** Instead of the contest's own number. */
  readonly rounds: number | undefined;
}

/**
 * Starts every contender once to warm up and to look at its output, then all of them in turn, round after round. Each
 * round starts one contender further on, so that nobody always runs after the same one.
 */
export async function holdContest(contest: Contest, options: ContestOptions): Promise<ContestResult> {
  const rounds = options.rounds ?? contest.rounds;
  const problems = new Map<string, string>();
  const samples = new Map<string, Sample[]>();
  for (const contender of contest.contenders) {
    const first = await tryOut(contender, options);
    if ("problem" in first) problems.set(contender.name, first.problem);
    else if (contender.every === "once") samples.set(contender.name, [first]);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contest.contenders.length; turn += 1) {
      const contender = contest.contenders[(round + turn) % contest.contenders.length];
      if (contender === undefined || problems.has(contender.name)) continue;
      const { every = 1 } = contender;
      if (every === "once" || round % every !== 0) continue;
      const sample = await start(contender, options);
      if ("problem" in sample) problems.set(contender.name, sample.problem);
      else samples.set(contender.name, [...(samples.get(contender.name) ?? []), sample]);
    }
  }
  const measured = contest.contenders.map((contender) =>
    report(contender, samples.get(contender.name) ?? [], problems.get(contender.name)),
  );
  const verdicts = contest.targets.map((target) => judge(target, measured));
  return { title: contest.title, rounds, measured, verdicts };
}

async function tryOut(contender: Contender, options: ContestOptions): Promise<Sample | { problem: string }> {
  const sample = await start(contender, options);
  if ("problem" in sample || contender.verify === undefined) return sample;
  const file = outputFile(options.scratch);
  if (contender.output === "pipe") {
    // What the measuring program drains is gone; the same again through a pipe into a file.
    const script = 'file=$1; shift; "$@" 2>&1 | cat >"$file"';
    const command = ["/bin/sh", "-c", script, "sh", file, ...contender.command];
    Bun.spawnSync(command, { cwd: contender.cwd, env: environment(contender, options), stdin: "ignore" });
  }
  const problem = await contender.verify(file);
  return problem === undefined ? sample : { problem };
}

async function start(contender: Contender, options: ContestOptions): Promise<Sample | { problem: string }> {
  await putAway(contender, options.scratch);
  contender.prepare?.();
  return options.measure({
    command: contender.command,
    cwd: contender.cwd,
    env: environment(contender, options),
    output: contender.output ?? "null",
    outputFile: outputFile(options.scratch),
  });
}

let putAwaySoFar = 0;

/**
 * Takes away what a contender is to make anew. It is moved, not deleted: ext4 searches long for a place for new files
 * where many have just been deleted.
 */
async function putAway({ cwd, remove = [] }: Contender, scratch: string): Promise<void> {
  if (remove.length === 0) return;
  const folder = join(scratch, `put-away-${(putAwaySoFar += 1)}`);
  await mkdir(folder);
  for (const [index, path] of remove.entries()) {
    const from = join(cwd, path);
    if (existsSync(from)) await rename(from, join(folder, `${index}`));
  }
}

function environment(contender: Contender, options: ContestOptions): Record<string, string> {
  return { ...labEnvironment(options.scratch), ...contender.env };
}

function outputFile(scratch: string): string {
  return join(scratch, "output");
}

function report(
  { name, megabytes }: Contender,
  samples: readonly Sample[],
  problem: string | undefined,
): Measured {
  return {
    name,
    rounds: samples.length,
    wallMs: summarize(samples.map((sample) => sample.wallMs)),
    cpuMs: summarize(samples.map((sample) => sample.cpuMs)),
    memoryMb: summarize(samples.map((sample) => sample.memoryMb)),
    ...(megabytes === undefined ? {} : { megabytes }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function judge(target: Target, measured: readonly Measured[]): Verdict {
  const quantity = (name: string): Summary => {
    if (name === "MB") return summarize([1]);
    const found = measured.find((one) => one.name === name && one.problem === undefined);
    if (found === undefined) return summarize([]);
    return target.of === "time" ? found.wallMs : found.memoryMb;
  };
  const subject = quantity(target.subject);
  const reference = quantity(target.reference);
  const ofMedians = subject.median / reference.median;
  const ofLeast = subject.least / reference.least;
  // One that does its job wrong has reached nothing, however fast.
  const isBroken = measured.some((one) => one.name === target.subject && one.problem !== undefined);
  const reached = isBroken ? "no" : verdict(target.limit, ofMedians, ofLeast);
  return { ...target, ofMedians, ofLeast, reached };
}

function verdict(limit: number, ofMedians: number, ofLeast: number): Verdict["reached"] {
  if (Number.isNaN(quantile([ofMedians, ofLeast], 0))) return "not measured";
  if (ofMedians <= limit) return "yes";
  return ofLeast <= limit ? "least only" : "no";
}
