import { firstTime } from "./first-time";
import type { Contender, Contest, Lab, Scenario, Target, Tool } from "./scenario";

/** How each tool says what it would run for `all` without running it. */
const DRY_RUN: Partial<Record<Tool, readonly string[]>> = {
  zr: ["run", "--dry-run", "all"],
  make: ["-n", "all"],
  ninja: ["-n", "all"],
  just: ["--dry-run", "all"],
  task: ["--dry", "all"],
  mise: ["run", "--dry-run", "all"],
  turbo: ["run", "all", "--dry=text"],
};

/** Above this many tasks these need seconds a run, or more memory than a small machine has. */
const UP_TO: Partial<Record<Tool, number>> = { task: 1_000, mise: 1_000 };

const SIZES = [
  { count: 100, rounds: 30, targets: [] },
  { count: 1_000, rounds: 20, targets: [target("ninja", 3), target("just", 1)] },
  { count: 10_000, rounds: 8, targets: [target("ninja", 2.5), target("just", 1), target("turbo", 1)] },
];

export const plan: Scenario = {
  name: "plan",
  title: "the plan of a layered graph, each task with up to three dependencies",
  contests: (lab) => Promise.all(SIZES.map((size) => contest(lab, size))),
};

async function contest(lab: Lab, size: (typeof SIZES)[number]): Promise<Contest> {
  const contenders: Contender[] = [];
  for (const [name, executable] of lab.tools) {
    const words = DRY_RUN[name];
    if (words === undefined || size.count > (UP_TO[name] ?? Infinity)) continue;
    const cwd = await lab.project(name, { form: "layers", count: size.count });
    const contender: Contender = {
      name,
      command: [executable, ...words],
      cwd,
      output: "file",
      every: name === "turbo" || name === "task" || name === "mise" ? 3 : 1,
      remove: [".ninja_log"],
    };
    contenders.push(contender);
    if (name === "zr") contenders.push(firstTime(contender));
  }
  return { title: `dry run of ${size.count} tasks`, rounds: size.rounds, contenders, targets: size.targets };
}

function target(reference: string, limit: number): Target {
  return { subject: "zr", reference, of: "time", limit };
}
