import type { Diagnostic } from "#base/diagnostic";
import { laterSettings } from "#core/config/later";
import { makePlan } from "#core/plan/make-plan";
import type { Workspace } from "#core/workspace/workspace";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import type { Problems } from "#app/problems";
import { workerSlots } from "#app/operations/plan-run";
import { RunConditions } from "#app/run-conditions";
import type { Host } from "#system/host";

export interface Validation extends Problems {
  readonly files: number;
  readonly tasks: number;
}

/** Codes that depend on a command line and so say nothing about a file. */
const REQUEST_CODES: ReadonlySet<string> = new Set(["E161"]);

/** Codes of what is wrong with the way one task names another. */
const CALL_CODES: ReadonlySet<string> = new Set(["E161", "E162", "E163", "E169"]);

/** Checks everything that can be known without running anything: files, names, every task's strings and conditions. */
export async function validate(load: LoadOptions, host: Host): Promise<Validation> {
  const loaded = await loadWorkspace(load);
  if (!loaded.ok) return { ...loaded.error, files: loaded.error.texts.size, tasks: 0 };
  const { workspace, texts, warnings } = loaded.value;
  const diagnostics = [...warnings, ...checkSections(workspace)];
  const refs: string[] = [];
  let tasks = 0;
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      tasks += 1;
      if (entry.name.includes("*")) continue;
      // Each task for itself: what is wrong with one must not hide the rest.
      const ref = pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`;
      refs.push(ref);
      diagnostics.push(...checkTask(workspace, ref, host));
    }
  }
  diagnostics.push(...checkCalls(workspace, refs, host));
  return { diagnostics: unique(diagnostics), unread: [], texts, files: texts.size, tasks };
}

/** What one task asks of another: arguments that it does not take, combinations that it does not have. */
function checkCalls(workspace: Workspace, refs: readonly string[], host: Host): readonly Diagnostic[] {
  const targets = refs.map((ref) => ({ ref, words: [], named: {} }));
  const planned = makePlan(workspace, {
    targets,
    extra: [],
    only: false,
    jobs: Number.MAX_SAFE_INTEGER,
    env: {},
    vars: {},
    host,
  });
  if (planned.kind !== "problems") return [];
  return planned.diagnostics.filter(({ code, place }) => place !== undefined && CALL_CODES.has(code));
}

function checkTask(workspace: Workspace, ref: string, host: Host): readonly Diagnostic[] {
  const isLimited = workspace.current.config.global.resources?.max_workers !== undefined;
  const jobs = isLimited ? workerSlots({ host }, workspace) : Number.MAX_SAFE_INTEGER;
  const planned = makePlan(workspace, {
    targets: [{ ref, words: [], named: {} }],
    extra: [],
    only: true,
    jobs,
    env: {},
    vars: {},
    host,
  });
  if (planned.kind === "problems")
    return planned.diagnostics.filter((problem) => !REQUEST_CODES.has(problem.code)).map(softened);
  if (planned.kind === "open") return [];
  const conditions = new RunConditions({
    root: workspace.root,
    env: host.env,
    os: host.os,
    arch: host.arch,
    isTerminal: false,
  });
  return conditions.check(planned.plan);
}

/** What this version can't do yet is refused when it is used; in a file it is only worth a warning. */
const softened = (problem: Diagnostic): Diagnostic =>
  problem.code === "E166" ? { ...problem, severity: "warning" } : problem;

function checkSections(workspace: Workspace): Diagnostic[] {
  const files = new Set(
    [...workspace.packages.values()].flatMap((pkg) =>
      pkg.config.files.filter((file) => file.layer !== "root"),
    ),
  );
  return [...files].flatMap(laterSettings);
}

function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [
    ...new Map(
      diagnostics.map((diagnostic) => [
        JSON.stringify([diagnostic.code, diagnostic.data, diagnostic.place]),
        diagnostic,
      ]),
    ).values(),
  ];
}
