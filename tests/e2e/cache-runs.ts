import { makeProject } from "#tests/support/project";
import type { Project, StartOptions } from "#tests/support/project";
import { eventsOf, outcomesOf } from "./events";

/** Every run of the task adds a line to `log`, which git ignores. */
export const COPY = `
  [tasks.build]
  cmd = "echo ran >> log; mkdir -p dist; cat src/* > dist/out; echo built; echo warned >&2"
  cache = true
  outputs = ["dist/**"]
`;
export const IGNORE = "dist/\nlog\n";

/** A repository with that task. */
export const copying = (files: Readonly<Record<string, string>> = {}): Promise<Project> =>
  makeProject({ "zr.toml": COPY, ".gitignore": IGNORE, "src/a.txt": "a\n", ...files }, { git: true });

/** How often the task was run. */
export const runsOf = (project: Project): number =>
  project.exists("log") ? project.read("log").split("\n").length - 1 : 0;

/** How a run of cached tasks went. */
export interface CacheRunFacts {
  readonly states: Readonly<Record<string, string>>;
  /** By instance, why it was run; without the ones that were not. */
  readonly why: Readonly<Record<string, string>>;
  /** Everything else that was noted. */
  readonly notes: readonly string[];
  readonly stdout: string;
}

/** Runs tasks with `--why` and tells what the cache made of it. */
export const cacheRun = (project: Project, ...args: readonly string[]): Promise<CacheRunFacts> =>
  cacheRunWith(project, {}, ...args);

export async function cacheRunWith(
  project: Project,
  options: StartOptions,
  ...args: readonly string[]
): Promise<CacheRunFacts> {
  const { stdout, stderr, code } = await project
    .zrWith(options, "run", ...args, "--why", "--events", "-")
    .result();
  if (stdout === "") throw new Error(`the run ended with ${String(code)}: ${stderr}`);
  const states = Object.fromEntries(Object.entries(outcomesOf(stdout)).map(([id, { state }]) => [id, state]));
  const why: Record<string, string> = {};
  const notes: string[] = [];
  for (const event of eventsOf(stdout)) {
    if (event.type !== "note") continue;
    const match = /^(\S+) runs: (.*)$/s.exec(event.text);
    if (match?.[1] === undefined) notes.push(event.text);
    else why[match[1]] = match[2] ?? "";
  }
  return { states, why, notes, stdout };
}
