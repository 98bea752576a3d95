import type { Contender, Contest, Lab, Scenario, Shape } from "./scenario";

const ROUNDS = 5;
const FILES = 8;

/** Every table shows peak memory; here it is asked whether that of zr grows with the work. */
export const memory: Scenario = {
  name: "memory",
  title: "peak memory as the work grows",
  contests: async (lab) => [await growingOutput(lab), await growingPlan(lab)],
};

async function growingOutput(lab: Lab): Promise<Contest> {
  const zr = lab.tools.get("zr");
  const contenders: Contender[] = [];
  for (const megabytes of zr === undefined ? [] : [1, 20, 60]) {
    const texts = await lab.text(FILES, megabytes);
    const shape: Shape = { form: "commands", commands: texts.map((path) => ["cat", path]) };
    for (const mode of ["grouped", "prefixed"]) {
      contenders.push({
        name: `${mode}, ${FILES} × ${megabytes} MB`,
        command: [zr ?? "", "run", "--output", mode, "-j", `${FILES}`, "all"],
        cwd: await lab.project("zr", shape),
        output: "file",
      });
    }
  }
  const grows = (mode: string) => ({
    subject: `${mode}, ${FILES} × 60 MB`,
    reference: `${mode}, ${FILES} × 20 MB`,
    of: "memory" as const,
    limit: 1.1,
  });
  const targets = zr === undefined ? [] : [grows("grouped"), grows("prefixed")];
  return { title: "output", rounds: ROUNDS, contenders, targets };
}

async function growingPlan(lab: Lab): Promise<Contest> {
  const zr = lab.tools.get("zr");
  const contenders: Contender[] = [];
  for (const count of zr === undefined ? [] : [100, 1_000, 10_000]) {
    const cwd = await lab.project("zr", { form: "layers", count });
    contenders.push({ name: `${count} tasks`, command: [zr ?? "", "run", "--dry-run", "all"], cwd });
  }
  return { title: "plan", rounds: ROUNDS, contenders, targets: [] };
}
