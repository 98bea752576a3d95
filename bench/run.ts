/**
 * Compares zr with a bare runtime and with other tools, in turn on the same machine, and prints ratios.
 *
 *     bun bench/run.ts [SCENARIO…] [--rounds N] [--json FILE] [--zr FILE]
 *
 * Without names all scenarios run. Results are stored as bench/results/SCENARIO.json; `--json` writes all of them to one
 * file too. `--zr` measures another executable than dist/zr. The exit code is 1 when a target was not reached.
 */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { holdContest, type ContestResult } from "./contest";
import { labEnvironment, makeLab } from "./lab";
import { makeMeasure } from "./measure";
import { printContest } from "./print";
import { coldStart } from "./scenarios/cold-start";
import { history } from "./scenarios/history";
import { manyOutputs } from "./scenarios/many-outputs";
import { masking } from "./scenarios/masking";
import { memory } from "./scenarios/memory";
import { monorepo } from "./scenarios/monorepo";
import { output } from "./scenarios/output";
import { parallel } from "./scenarios/parallel";
import { plan } from "./scenarios/plan";
import type { Lab, Scenario } from "./scenarios/scenario";

const SCENARIOS: readonly Scenario[] = [
  coldStart,
  plan,
  parallel,
  output,
  masking,
  history,
  memory,
  monorepo,
  manyOutputs,
];

interface ScenarioResult {
  readonly scenario: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How much larger zr is than the bare runtime. */
  readonly addedMb: number;
  readonly contests: readonly ContestResult[];
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Runs what the arguments name; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: "string" }, json: { type: "string" }, zr: { type: "string" } },
  });
  const unknown = positionals.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (unknown !== undefined || (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))) {
    const names = SCENARIOS.map((scenario) => scenario.name).join(", ");
    console.error(
      `bench: ${unknown === undefined ? "--rounds takes a number" : `no scenario "${unknown}"; there are ${names}`}`,
    );
    return 2;
  }
  const chosen = SCENARIOS.filter((one) => positionals.length === 0 || positionals.includes(one.name));
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const scratch = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-")));
  try {
    const results = await runScenarios(chosen, { scratch, zr, rounds });
    if (values.json !== undefined) await writeJson(values.json, results);
    const verdicts = results.flatMap((result) => result.contests.flatMap((contest) => contest.verdicts));
    return verdicts.some((verdict) => verdict.reached === "no") ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runScenarios(
  scenarios: readonly Scenario[],
  options: { readonly scratch: string; readonly zr: string; readonly rounds: number | undefined },
): Promise<readonly ScenarioResult[]> {
  const { scratch, rounds } = options;
  const lab = await makeLab(scratch, options.zr);
  const measure = makeMeasure(scratch);
  const versions = await toolVersions(lab);
  const machine = describeMachine();
  const addedMb = (Bun.file(options.zr).size - Bun.file(process.execPath).size) / 1e6;
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
  console.log(
    `${machine}\n${tools.join(" · ")}\nzr is ${addedMb.toFixed(1)} MB larger than the bare runtime`,
  );
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    console.log(`\n# ${scenario.name}: ${scenario.title}`);
    const contests: ContestResult[] = [];
    for (const contest of await scenario.contests(lab)) {
      const result = await holdContest(contest, { scratch, measure, rounds });
      printContest(result);
      contests.push(result);
    }
    const result = { scenario: scenario.name, machine, versions, addedMb, contests };
    await writeJson(join(import.meta.dir, "results", `${scenario.name}.json`), result);
    results.push(result);
  }
  return results;
}

function describeMachine(): string {
  const [first] = cpus();
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  return `${process.platform} ${process.arch}, ${cpus().length} × ${first?.model ?? "unknown"}, ${memoryGb} GB, Bun ${Bun.version}`;
}

/** The first number with a dot that each tool says of itself. */
async function toolVersions(lab: Lab): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const [tool, executable] of lab.tools) {
    const said = Bun.spawnSync([executable, "--version"], {
      cwd: lab.scratch,
      env: labEnvironment(lab.scratch),
    });
    versions[tool] = /\d+(?:\.\d+)+/.exec(said.stdout.toString())?.[0] ?? "?";
  }
  return versions;
}

async function writeJson(file: string, value: unknown): Promise<void> {
  const rounded = (_key: string, item: unknown): unknown =>
    typeof item === "number" ? Math.round(item * 1000) / 1000 : item;
  await Bun.write(file, `${JSON.stringify(value, rounded, 2)}\n`);
}
