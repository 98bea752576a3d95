import { firstTime } from "./first-time";
import type { Contender, Lab, Scenario, Target, Tool } from "./scenario";
import { withTurboAlone } from "./turbo-alone";

const ROUNDS = 60;
const LISTED = 1_000;

/** How each tool runs its task `one` with as little said as it can. */
const RUN_ONE: Readonly<Record<Tool, readonly string[]>> = {
  zr: ["run", "one"],
  make: ["-s", "one"],
  ninja: ["--quiet", "one"],
  just: ["one"],
  task: ["one"],
  mise: ["run", "--quiet", "one"],
  turbo: ["run", "one", "--output-logs=none"],
  moon: ["run", "bench:one", "--log", "error"],
  nx: ["run", "bench:one", "--skipNxCache"],
};

const LIST: Partial<Record<Tool, readonly string[]>> = {
  zr: ["list"],
  just: ["--list"],
  task: ["--list-all"],
  mise: ["tasks", "ls"],
};

/** Slow ones take part in some rounds only. */
const EVERY: Partial<Record<Tool, number>> = { moon: 6, nx: 15 };

const subject = "zr";

export const coldStart: Scenario = {
  name: "cold-start",
  title: "one task that does nothing; a listing",
  contests: async (lab) => {
    const targets: readonly Target[] = [
      { subject, reference: "empty program", of: "time", limit: 1.6 },
      { subject, reference: "empty program", of: "memory", limit: 1.5 },
      { subject, reference: "mise", of: "time", limit: 1 / 2 },
      { subject, reference: "turbo", of: "time", limit: 1 / 2 },
      { subject, reference: "moon", of: "time", limit: 1 / 20 },
      { subject, reference: "nx", of: "time", limit: 1 / 20 },
    ];
    const empty: Contender = {
      name: "empty program",
      command: [await lab.compile("empty")],
      cwd: lab.scratch,
    };
    return [
      {
        title: 'run one task, `cmd = "true"`',
        rounds: ROUNDS,
        contenders: [empty, ...withTurboAlone(lab, await contenders(lab, RUN_ONE, { form: "single" }))],
        targets,
      },
      {
        title: `list ${LISTED} tasks`,
        rounds: ROUNDS / 2,
        contenders: await contenders(lab, LIST, { form: "independent", count: LISTED }),
        targets: [{ subject, reference: "just", of: "time", limit: 1 }],
      },
    ];
  },
};

async function contenders(
  lab: Lab,
  args: Partial<Record<Tool, readonly string[]>>,
  shape: Parameters<Lab["project"]>[1],
): Promise<readonly Contender[]> {
  const made: Contender[] = [];
  for (const [name, executable] of lab.tools) {
    const words = args[name];
    if (words === undefined) continue;
    const cwd = await lab.project(name, shape);
    const contender: Contender = {
      name,
      command: [executable, ...words],
      cwd,
      every: EVERY[name] ?? 1,
      remove: [".ninja_log"],
    };
    made.push(contender);
    if (name === "zr") made.push(firstTime(contender));
  }
  return made;
}
