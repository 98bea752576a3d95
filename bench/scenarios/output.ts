import type { Contender, Contest, Lab, Scenario, Shape, Target } from "./scenario";
import { turboAlone } from "./turbo-alone";

const FILES = 8;
const MEGABYTES = 20;
const ROUNDS = 7;
const MODES = ["grouped", "prefixed"] as const;
const KINDS = ["file", "pipe"] as const;
type Mode = (typeof MODES)[number];

const TURBO_MODE: Readonly<Record<Mode, readonly string[]>> = {
  grouped: ["--log-order=grouped", "--log-prefix=none"],
  prefixed: ["--log-order=stream", "--log-prefix=task"],
};

export const output: Scenario = {
  name: "output",
  title: `${FILES} tasks that print ${MEGABYTES} MB of lines each`,
  contests: (lab) => Promise.all(MODES.flatMap((mode) => KINDS.map((kind) => contest(lab, { mode, kind })))),
};

async function contest(
  lab: Lab,
  way: { readonly mode: Mode; readonly kind: (typeof KINDS)[number] },
): Promise<Contest> {
  const { mode, kind } = way;
  const texts = await lab.text(FILES, MEGABYTES);
  const shape: Shape = { form: "commands", commands: texts.map((path) => ["cat", path]) };
  const verify = lab.verifyLines(texts, mode === "grouped");
  const contenders: Contender[] = [
    {
      name: "cat | cat",
      command: ["sh", "-c", 'cat "$@" | cat', "sh", ...texts],
      cwd: lab.scratch,
      output: kind,
    },
  ];
  const zr = lab.tools.get("zr");
  if (zr !== undefined) {
    const command = [zr, "run", "--output", mode, "-j", `${FILES}`, "all"];
    contenders.push({ name: "zr", command, cwd: await lab.project("zr", shape), output: kind, verify });
  }
  const turbo = lab.tools.get("turbo");
  if (turbo !== undefined) {
    const command = [turbo, "run", "all", `--concurrency=${FILES}`, ...TURBO_MODE[mode]];
    const project = { cwd: await lab.project("turbo", shape), output: kind, verify };
    // bun says each command between the lines of the task.
    contenders.push(turboAlone(lab, { name: "turbo", command, ...project }));
  }
  const ofCat: readonly Target[] =
    mode === "grouped" ? [{ subject: "zr", reference: "cat | cat", of: "time", limit: 2 }] : [];
  const targets: readonly Target[] = [
    ...ofCat,
    { subject: "zr", reference: "turbo alone", of: "time", limit: 1 },
  ];
  const title = `${mode}, to a ${kind}`;
  return { title, rounds: ROUNDS, contenders, targets };
}
