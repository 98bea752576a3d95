import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Packages of the project in the pictures, with those that each depends on and how long its build takes. */
const PACKAGES = {
  core: { needs: [], buildMs: 4200 },
  schema: { needs: ["core"], buildMs: 2100 },
  storage: { needs: ["core"], buildMs: 5200 },
  auth: { needs: ["core", "schema"], buildMs: 3100 },
  api: { needs: ["auth", "storage"], buildMs: 7400 },
  ui: { needs: ["core"], buildMs: 6100 },
  web: { needs: ["ui", "api"], buildMs: 9800 },
  cli: { needs: ["api"], buildMs: 2600 },
  docs: { needs: ["ui"], buildMs: 3300 },
} as const satisfies Readonly<
  Record<string, { readonly needs: readonly string[]; readonly buildMs: number }>
>;

type PackageName = keyof typeof PACKAGES;
// The keys of the table above.
const NAMES = Object.keys(PACKAGES) as readonly PackageName[];

const RUNS = 90;
const HOUR_MS = 3_600_000;
/** The last run; a fixed day, so that pictures differ only where pages do. */
const NOW_MS = Date.UTC(2026, 10, 20, 16, 30);

interface DemoInstance {
  readonly id: string;
  readonly ms: number;
  readonly after: readonly number[];
  readonly more?: object;
}

/** Writes a monorepo and the records of its past runs, the same every time. */
export async function writeDemoProject(root: string): Promise<void> {
  const members = NAMES.map((name) => `"${name}"`).join(", ");
  await Bun.write(
    join(root, "zr.toml"),
    `[workspace]\nmembers = [${members}]\n\n[history]\nmax_age = "9999d"\n\n[tasks.check]\ndescription = "Everything that has to hold before a merge"\ntags = ["ci"]\ndeps = [${NAMES.map((name) => `"${name}:test"`).join(", ")}, "lint"]\n\n[tasks.lint]\ncmd = "true"\ntags = ["ci", "quick"]\n`,
  );
  for (const name of NAMES) {
    const deps = PACKAGES[name].needs.map((other) => `"${other}:build"`).join(", ");
    await Bun.write(
      join(root, name, "zr.toml"),
      `[tasks.build]\ncmd = "true"\ndescription = "Compiles ${name}"\ntags = ["build"]\ncache = true\ndeps = [${deps}]\n\n[tasks.test]\ncmd = "true"\ntags = ["test"]\ndeps = ["build"]\n`,
    );
  }
  const inbox = join(root, ".zr/history/inbox");
  await mkdir(inbox, { recursive: true });
  const random = randomNumbers();
  for (let number = 0; number < RUNS; number += 1) {
    const record = demoRun(number, random, root);
    await Bun.write(
      join(inbox, `${record.run}.run`),
      `${JSON.stringify({ packBytes: 0, run: record })}\n\n#end\n`,
    );
  }
}

/** From 0 to 1, the same numbers every time: a linear congruential generator with the constants of POSIX `rand`. */
function randomNumbers(): () => number {
  let seed = 20_261_120;
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

function demoRun(number: number, random: () => number, root: string): { readonly run: string } & object {
  const wallMs = NOW_MS - (RUNS - 1 - number) * 5 * HOUR_MS - Math.floor(random() * HOUR_MS);
  const changed = Math.floor(random() * NAMES.length);
  const isLast = number === RUNS - 1;
  const instances: DemoInstance[] = [];
  const places = new Map<string, number>();
  const add = (instance: DemoInstance): void => {
    places.set(instance.id, instances.length);
    instances.push(instance);
  };
  const rebuilt = new Set<string>();
  for (const [at, name] of NAMES.entries()) {
    const { needs, buildMs } = PACKAGES[name];
    const isRebuilt = at === changed || (isLast && at === 4) || needs.some((other) => rebuilt.has(other));
    if (isRebuilt) rebuilt.add(name);
    const ms = buildMs * (0.9 + random() * 0.3) * (name === "web" ? 1 + number / 150 : 1);
    const after = needs.map((other) => places.get(`${other}:build`) ?? 0);
    const cached = {
      outcome: { state: "cached", reason: { kind: "cache", key: "0", savedMs: Math.round(ms) } },
    };
    add({ id: `${name}:build`, ms: isRebuilt ? ms : 4, after, ...(isRebuilt ? {} : { more: cached }) });
  }
  for (const name of NAMES) {
    const fails = (isLast && name === "cli") || (!isLast && name !== "core" && random() < 0.015);
    const failed = { outcome: { state: "failed", failure: { kind: "exit", code: 1 } }, exitCode: 1 };
    const ms = PACKAGES[name].buildMs * (0.7 + random() * 0.5);
    const more = fails ? failed : name === "storage" && random() < 0.08 ? { attempts: 2 } : {};
    add({ id: `${name}:test`, ms, after: [places.get(`${name}:build`) ?? 0], more });
  }
  add({ id: "lint", ms: 2400 * (0.9 + random() * 0.2), after: [] });
  const hasFailed = instances.some(({ more }) => more !== undefined && "exitCode" in more);
  const all = [...instances.keys()].slice(NAMES.length);
  add({ id: "check", ms: 0, after: all, ...(hasFailed ? { more: { outcome: { state: "blocked" } } } : {}) });
  const run = `${new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${String(1000 + number)}`;
  return { ...recordHead({ run, wallMs, root, hasFailed }), ...timed(instances, random) };
}

function recordHead({
  run,
  wallMs,
  root,
  hasFailed,
}: {
  readonly run: string;
  readonly wallMs: number;
  readonly root: string;
  readonly hasFailed: boolean;
}): { readonly run: string } & Readonly<Record<string, unknown>> {
  return {
    v: 1,
    run,
    wallMs,
    zr: "0",
    jobs: JOBS,
    requested: ["check"],
    invocation: { command: "run", options: [], words: ["check"], extra: [], cwd: root },
    labels: {},
    exitCode: hasFailed ? 1 : 0,
  };
}

const JOBS = 4;

/** The instances as a run with four slots would have started them, and how long that took. */
function timed(
  instances: readonly DemoInstance[],
  random: () => number,
): { readonly durationMs: number; readonly instances: readonly object[] } {
  const free = new Array<number>(JOBS).fill(0);
  const ends: number[] = [];
  const stored = instances.map(({ id, ms, after, more }, at) => {
    const ready = Math.max(0, ...after.map((other) => ends[other] ?? 0));
    const slot = free.indexOf(Math.min(...free));
    const startedAt = ms === 0 ? ready : Math.max(ready, free[slot] ?? 0);
    ends[at] = startedAt + ms;
    if (ms > 0) free[slot] = startedAt + ms + 30;
    const [prefix = "", task] = id.includes(":") ? id.split(":") : ["", id];
    return {
      id,
      package: prefix,
      task,
      command: "true",
      tags: [],
      outcome: { state: "success" },
      attempts: 1,
      ...(ms === 0 ? {} : { startedAt }),
      durationMs: ms,
      cpuMs: ms * 1.6,
      peakMemoryBytes: Math.round(4e7 + ms * 3e4 * (0.9 + random() * 0.2)),
      readBytes: Math.round(ms * 900),
      writtenBytes: Math.round(ms * 400),
      exitCode: 0,
      cacheKey: null,
      ...(after.length === 0 ? {} : { after }),
      ...more,
    };
  });
  return { durationMs: Math.max(...ends) + 150, instances: stored };
}
