import type { Contender, Scenario, Shape } from "./scenario";

const MEGABYTES = 160;
const SECRETS = 20;
const ROUNDS = 9;

/** What looking for secrets in the output costs: the same output with none and with twenty to look for. */
export const masking: Scenario = {
  name: "masking",
  title: `a task that prints ${MEGABYTES} MB while secrets are looked for`,
  contests: async (lab) => {
    const zr = lab.tools.get("zr");
    const texts = await lab.text(1, MEGABYTES);
    const shape: Shape = { form: "commands", commands: texts.map((path) => ["cat", path]) };
    const verify = lab.verifyLines(texts, true);
    const contenders: Contender[] = [];
    if (zr !== undefined) {
      const cwd = await lab.project("zr", shape);
      const same = {
        command: [zr, "run", "--raw", "all"],
        cwd,
        output: "file" as const,
        megabytes: MEGABYTES,
        verify,
      };
      contenders.push({ name: "no secrets", ...same });
      contenders.push({ name: `masking ${SECRETS} secrets`, ...same, env: secrets() });
    }
    const targets =
      zr === undefined
        ? []
        : [
            {
              subject: `masking ${SECRETS} secrets`,
              reference: "no secrets",
              of: "time" as const,
              limit: 1.5,
            },
          ];
    return [{ title: `${MEGABYTES} MB of output, to a file`, rounds: ROUNDS, contenders, targets }];
  },
};

/** Variables that are secret by their names, with values such as tokens have; the same in every run. */
function secrets(): Readonly<Record<string, string>> {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let state = 1;
  const next = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return letters[(state >>> 16) % letters.length] ?? "";
  };
  return Object.fromEntries(
    Array.from({ length: SECRETS }, (_, index) => [
      `BENCH_${index}_TOKEN`,
      `tok_${Array.from({ length: 24 }, next).join("")}`,
    ]),
  );
}
