import type { Contender, Contest, Lab, Monorepo, MonorepoTool, Scenario, Target } from "./scenario";
import { withTurboAlone } from "./turbo-alone";

/** How each tool builds every package, and where it keeps what it knows. */
const TOOLS: Readonly<
  Record<MonorepoTool, { readonly build: readonly string[]; readonly state: readonly string[] }>
> = {
  zr: { build: ["run", "build"], state: [".zr", ".zr-cache"] },
  turbo: {
    build: ["run", "build", "--output-logs=errors-only"],
    state: [".turbo", "node_modules/.cache/turbo"],
  },
  nx: { build: ["run-many", "-t", "build", "--parallel=2"], state: [".nx"] },
  ninja: { build: [], state: [".ninja_log", ".ninja_deps"] },
};

const SIZES = [
  { count: 100, rounds: 10 },
  { count: 1_000, rounds: 5 },
] as const;

const MEMORY_MB = 200;

/** The slowest by far: it takes part with so many packages at most. */
const NX_UP_TO = 100;

export const monorepo: Scenario = {
  name: "monorepo",
  title: "packages of twenty files each in a git repository, every build a task with a cache",
  contests: async (lab) => {
    const contests: Contest[] = [];
    for (const { count, rounds } of SIZES) {
      const contenders = await contendersOf(lab, count);
      const asks = count === 1_000;
      contests.push(
        allHits(contenders, { count, rounds, asks }),
        await restored(lab, contenders, { count, rounds, asks }),
        await oneChanged(lab, contenders, { count, rounds, asks }),
        await affected(lab, contenders, { count, rounds, asks }),
        cold(lab, contenders, { count, rounds: Math.ceil(rounds / 2), asks }),
      );
    }
    return contests;
  },
};

interface Size {
  readonly count: number;
  readonly rounds: number;
  /** Whether the targets are for this size. */
  readonly asks: boolean;
}

interface Competitor {
  readonly tool: MonorepoTool;
  readonly executable: string;
  readonly repository: Monorepo;
}

async function contendersOf(lab: Lab, count: number): Promise<readonly Competitor[]> {
  const found: Competitor[] = [];
  for (const tool of ["zr", "ninja", "turbo", "nx"] as const) {
    const executable = lab.tools.get(tool);
    if (executable !== undefined && !(tool === "nx" && count > NX_UP_TO))
      found.push({ tool, executable, repository: await lab.monorepo(tool, count) });
  }
  return found;
}

const builds = ({ tool, executable, repository }: Competitor): Contender => ({
  name: tool,
  command: [executable, ...TOOLS[tool].build],
  cwd: repository.folder,
  every: tool === "nx" ? 5 : 1,
});

function allHits(competitors: readonly Competitor[], size: Size): Contest {
  return {
    title: `${size.count} packages, nothing has changed`,
    rounds: size.rounds * 2,
    contenders: competitors.map((one) => builds(one)),
    targets: asked(size, [time("turbo", 0.25), time("ninja", 3.5), LITTLE_MEMORY]),
  };
}

async function restored(lab: Lab, competitors: readonly Competitor[], size: Size): Promise<Contest> {
  const contenders: Contender[] = [];
  const [any] = competitors;
  if (any !== undefined) {
    const copies = await lab.monorepoCopy(size.count);
    contenders.push({
      name: "bare copy",
      command: [await lab.compile("copy-loop"), copies.outputs],
      cwd: copies.folder,
      remove: ["packages"],
    });
  }
  for (const one of competitors.filter(({ tool }) => tool !== "ninja"))
    contenders.push({ ...builds(one), remove: outputsOf(one) });
  return {
    title: `${size.count} packages, outputs deleted and put back`,
    rounds: size.rounds,
    contenders,
    targets: asked(size, [time("turbo", 0.5), LITTLE_MEMORY]),
  };
}

function cold(lab: Lab, competitors: readonly Competitor[], size: Size): Contest {
  const contenders = competitors.map((one) => ({
    ...builds(one),
    ...(one.tool === "nx" ? { every: "once" as const } : {}),
    remove: [...TOOLS[one.tool].state, ...outputsOf(one)],
  }));
  return {
    title: `${size.count} packages, nothing built or stored yet`,
    rounds: size.rounds,
    contenders: withTurboAlone(lab, contenders),
    targets: asked(size, [time("ninja", 1.8), time("turbo", 0.5), LITTLE_MEMORY]),
  };
}

async function oneChanged(lab: Lab, competitors: readonly Competitor[], size: Size): Promise<Contest> {
  const contenders = competitors.map((one) => ({ ...builds(one), prepare: one.repository.changeOne }));
  const zr = lab.tools.get("zr");
  const least = zr === undefined ? [] : [await noChangeAndCommands(lab, zr, size.count)];
  return {
    title: `${size.count} packages, one file changed`,
    rounds: size.rounds,
    contenders: [...withTurboAlone(lab, contenders), ...least],
    targets: asked(size, [time(NO_CHANGE, 1), LITTLE_MEMORY]),
  };
}

const NO_CHANGE = "no change, then the commands";

/** What zr needs where nothing has changed, in a copy in which nothing does, and in another one what a change calls for. */
async function noChangeAndCommands(lab: Lab, zr: string, count: number): Promise<Contender> {
  const { folder } = await lab.monorepo("zr", count, "unchanged");
  const { folder: elsewhere, rebuilt, build } = await lab.monorepo("zr", count, "commands");
  const commands = rebuilt.map((name) => `(cd "${elsewhere}/packages/${name}" && sh -c '${build}')`);
  const line = ['"$0" "$@"', ...commands].join(" && ");
  return { name: NO_CHANGE, command: ["sh", "-c", line, zr, ...TOOLS.zr.build], cwd: folder };
}

/** Which packages a change affects; the repositories are left with one file changed. */
async function affected(lab: Lab, competitors: readonly Competitor[], size: Size): Promise<Contest> {
  const words: Partial<Record<MonorepoTool, readonly string[]>> = {
    zr: ["affected", "--list", "--base", "HEAD"],
    turbo: ["ls", "--filter=...[HEAD]"],
  };
  const contenders: Contender[] = competitors.flatMap(({ tool, executable, repository }) => {
    const args = words[tool];
    return args === undefined
      ? []
      : [
          {
            name: tool,
            command: [executable, ...args],
            cwd: repository.folder,
            prepare: repository.changeOne,
          },
        ];
  });
  const { folder, changeOne } = await lab.monorepo("zr", size.count);
  contenders.push({
    name: "git status",
    command: ["git", "status", "--porcelain"],
    cwd: folder,
    prepare: changeOne,
  });
  return {
    title: `${size.count} packages, what a change affects`,
    rounds: size.rounds * 2,
    contenders,
    targets: asked(size, [time("turbo", 1), time("git status", 1.4)]),
  };
}

const outputsOf = ({ repository }: Competitor): readonly string[] =>
  repository.packages.map((name) => `packages/${name}/dist`);

const time = (reference: string, limit: number): Target => ({ subject: "zr", reference, of: "time", limit });

const LITTLE_MEMORY: Target = { subject: "zr", reference: "MB", of: "memory", limit: MEMORY_MB };

const asked = ({ asks }: Size, targets: readonly Target[]): readonly Target[] => (asks ? targets : []);
