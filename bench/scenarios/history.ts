import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contender, Lab, Scenario, Shape } from "./scenario";

const TASKS = 1_000;
const ROUNDS = 20;

/** What the record of a run costs: the same tasks with a history and without. */
export const history: Scenario = {
  name: "history",
  title: `${TASKS} tasks that do nothing, with a record of the run and without`,
  contests: async (lab) => [
    {
      title: `${TASKS} independent tasks, 2 at once`,
      rounds: ROUNDS,
      contenders: await contenders(lab, { form: "independent", count: TASKS }),
      targets: [{ subject: "with history", reference: "without", of: "time", limit: 1.03 }],
    },
    {
      title: "one task",
      rounds: 4 * ROUNDS,
      contenders: await contenders(lab, { form: "single" }),
      targets: [],
    },
  ],
};

async function contenders(lab: Lab, shape: Shape): Promise<readonly Contender[]> {
  const zr = lab.tools.get("zr");
  if (zr === undefined) return [];
  const kept = await lab.project("zr", shape);
  const without = `${kept}-without`;
  await cp(kept, without, { recursive: true });
  await writeFile(join(without, "zr.local.toml"), "[history]\nenabled = false\n");
  const command = [zr, "run", "-j", "2", shape.form === "single" ? "one" : "all"];
  return [
    { name: "without", command, cwd: without },
    { name: "with history", command, cwd: kept },
  ];
}
