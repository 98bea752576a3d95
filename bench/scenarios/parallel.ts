import type { Contender, Contest, Lab, Scenario, Shape, Target, Tool } from "./scenario";
import { withTurboAlone } from "./turbo-alone";

const subject = "zr";
/** How each tool runs `all` with at most so many tasks at once. */
const RUN_ALL: Readonly<Record<Tool, (jobs: number) => readonly string[]>> = {
  zr: (jobs) => ["run", "-j", `${jobs}`, "all"],
  make: (jobs) => ["-s", `-j${jobs}`, "all"],
  ninja: (jobs) => ["--quiet", `-j${jobs}`, "all"],
  just: (jobs) => ["--jobs", `${jobs}`, "all"],
  task: (jobs) => ["--concurrency", `${jobs}`, "all"],
  mise: (jobs) => ["run", "--quiet", "--jobs", `${jobs}`, "all"],
  turbo: (jobs) => ["run", "all", `--concurrency=${jobs}`, "--output-logs=none"],
  moon: (jobs) => ["run", "bench:all", "--concurrency", `${jobs}`, "--log", "error"],
  nx: (jobs) => ["run", "bench:all", `--parallel=${jobs}`, "--skipNxCache"],
};

/** Those that need many seconds for a thousand tasks take part in few rounds. */
const EVERY: Partial<Record<Tool, number | "once">> = {
  task: 3,
  mise: 5,
  turbo: 3,
  moon: "once",
  nx: "once",
};
const ROUNDS = 10;

export const parallel: Scenario = {
  name: "parallel",
  title: "many tasks that do nothing",
  contests: async (lab) => [
    await contest(lab, { jobs: 2, form: "independent", count: 1_000 }),
    await contest(lab, { jobs: 8, form: "independent", count: 1_000 }),
    await contest(lab, { jobs: 8, form: "chain", count: 500 }),
  ],
};

async function contest(
  lab: Lab,
  work: { readonly jobs: number; readonly form: "independent" | "chain"; readonly count: number },
): Promise<Contest> {
  const { jobs, form, count } = work;
  const shape: Shape = { form, count };
  const loop = await lab.compile("spawn-loop");
  const atOnce = form === "chain" ? "1" : `${jobs}`;
  const bare = (output: string): Contender => ({
    name: `bare loop, ${output}`,
    command: [loop, `${count}`, atOnce, output, "/bin/true"],
    cwd: lab.scratch,
  });
  const contenders = [bare("ignore"), bare("pipe")];
  for (const [name, executable] of lab.tools) {
    // It has needed ten seconds at times, a hundred at others: once is enough.
    if (name === "moon" && form === "independent" && jobs > 2) continue;
    const cwd = await lab.project(name, shape);
    const command = [executable, ...RUN_ALL[name](jobs)];
    contenders.push({ name, command, cwd, every: EVERY[name] ?? 1, remove: [".ninja_log"] });
  }
  const ahead = form === "chain" ? [] : ["task", "mise", "turbo", "moon", "nx"];
  const targets: readonly Target[] = [
    { subject, reference: "bare loop, ignore", of: "time", limit: 1.2 },
    ...ahead.map((reference) => ({ subject, reference, of: "time" as const, limit: 1 / 7 })),
  ];
  const title =
    form === "chain" ? `a chain of ${count} tasks` : `${count} independent tasks, ${jobs} at once`;
  return { title, rounds: ROUNDS, contenders: withTurboAlone(lab, contenders), targets };
}
