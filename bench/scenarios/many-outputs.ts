import type { Contender, Contest, Lab, Scenario } from "./scenario";
import { withTurboAlone } from "./turbo-alone";

const COUNT = 5_000;
const ROUNDS = 5;

/** How each tool builds, and where it keeps what it knows. */
const TOOLS = {
  zr: { build: ["run", "build"], state: [".zr", ".zr-cache"] },
  turbo: {
    build: ["run", "build", "--output-logs=errors-only"],
    state: [".turbo", "node_modules/.cache/turbo"],
  },
} as const;

/** One task with thousands of outputs, as a bundler or a documentation generator has them. */
export const manyOutputs: Scenario = {
  name: "many-outputs",
  title: `one task with ${COUNT} outputs, with a cache`,
  contests: async (lab) => {
    const contenders = await contendersOf(lab);
    const unchanged: Contest = {
      title: `one task with ${COUNT} outputs, nothing has changed`,
      rounds: ROUNDS,
      contenders: contenders.slice(1).map(({ contender: { remove: _kept, ...hit } }) => hit),
      targets: [],
    };
    const restored: Contest = {
      title: `one task with ${COUNT} outputs, deleted and put back`,
      rounds: ROUNDS,
      contenders: contenders.map(({ contender }) => contender),
      targets: [],
    };
    const cold: Contest = {
      title: `one task with ${COUNT} outputs, nothing stored yet`,
      rounds: ROUNDS,
      contenders: withTurboAlone(
        lab,
        contenders.map(({ contender, state }) => ({
          ...contender,
          remove: [...(contender.remove ?? []), ...state],
        })),
      ),
      targets: [],
    };
    return [unchanged, restored, cold];
  },
};

async function contendersOf(
  lab: Lab,
): Promise<readonly { readonly contender: Contender; readonly state: readonly string[] }[]> {
  const cp = { name: "bare cp -r", command: ["cp", "-r", "src", "dist"], cwd: await lab.tree("zr", COUNT) };
  const found = [{ contender: { ...cp, remove: ["dist"] }, state: [] as readonly string[] }];
  for (const tool of ["zr", "turbo"] as const) {
    const executable = lab.tools.get(tool);
    if (executable === undefined) continue;
    const { build, state } = TOOLS[tool];
    const cwd = await lab.tree(tool, COUNT);
    found.push({ contender: { name: tool, command: [executable, ...build], cwd, remove: ["dist"] }, state });
  }
  return found;
}
