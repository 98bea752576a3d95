import { jsonOf } from "#base/json-of";
import { err, ok, type Result } from "#base/result";
import { planRun } from "#app/operations/plan-run";
import { plainProblems, type Problems } from "#app/problems";
import { sourceGraphs, type TaskGraph } from "#app/source-graphs";
import type { Plan } from "#core/model/plan";
import { captureCommand } from "#system/process/capture";
import type { VerifiedTask, VerifyRequest } from "./verify-conversion";

/** So long another tool may take to plan a whole repository. */
const LIMIT_MS = 120_000;

/**
 * Compares what each task waits for, directly or by way of others, in the plans of both tools: for tools that plan whole
 * repositories. The other tool is found on PATH or among the packages that are installed.
 */
export async function verifyGraph({
  tool,
  folder,
  host,
}: Pick<VerifyRequest, "tool" | "folder" | "host">): Promise<Result<readonly VerifiedTask[], Problems>> {
  const other = sourceGraphs[tool];
  const missing = (program: string): Result<never, Problems> =>
    err(plainProblems({ code: "E484", severity: "error", data: { program } }));
  if (other === undefined) return missing(`a dry run of ${tool}`);
  const request = { host, cwd: folder, extra: [], only: false, env: {}, vars: {}, isTerminal: false };
  const first = await planRun({ ...request, words: [], targets: [] });
  if (!first.ok) return first;
  // Tasks that follow from a manifest are none that were taken over.
  const named = [...first.value.workspace.packages.values()].flatMap((pkg) =>
    [...pkg.config.tasks.values()].flatMap(({ name, inferredFrom }) =>
      name.includes("*") || inferredFrom !== undefined
        ? []
        : [{ name, ref: `${pkg.prefix === "" ? "//" : pkg.prefix}:${name}` }],
    ),
  );
  const names = [...new Set(named.map(({ name }) => name))];
  const asked = await captureCommand({
    argv: other.argv(names),
    cwd: folder,
    env: { ...host.env, ...other.env, PATH: `${folder}/node_modules/.bin:${host.env["PATH"] ?? ""}` },
    limitMs: LIMIT_MS,
  });
  if (!asked.ok) return missing(other.program);
  const theirs = other.read(jsonIn(asked.value.stdout));
  if (theirs === undefined)
    return ok([
      {
        task: names.join(" "),
        verdict: "open",
        missing: [],
        added: [],
        reason: lastLine(asked.value.stderr),
      },
    ]);
  const planned = await planRun({
    ...request,
    words: [],
    targets: named.map(({ ref }) => ({ ref, words: [], named: {} })),
  });
  if (!planned.ok) return planned;
  return ok(compared(theirs, graphOf(planned.value.plan)));
}

/** The JSON in a text that may have other lines around it. */
function jsonIn(text: string): unknown {
  const start = text.indexOf("{");
  return jsonOf(text.slice(start, text.lastIndexOf("}") + 1));
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

const graphOf = (plan: Plan): TaskGraph =>
  new Map(plan.instances.map(({ id, edges }) => [String(id), edges.map(({ on }) => String(on))]));

/** Only tasks that both have are held against each other. */
function compared(theirs: TaskGraph, ours: TaskGraph): readonly VerifiedTask[] {
  const isShared = (name: string): boolean => theirs.has(name) && ours.has(name);
  return [...theirs.keys()].filter(isShared).map((task) => {
    const wanted = [...reached(theirs, task)].filter(isShared).sort();
    const found = [...reached(ours, task)].filter(isShared).sort();
    const missing = wanted.filter((name) => !found.includes(name));
    const added = found.filter((name) => !wanted.includes(name));
    return { task, verdict: missing.length + added.length === 0 ? "same" : "different", missing, added };
  });
}

function reached(graph: TaskGraph, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [from];
  for (const name of queue)
    for (const on of graph.get(name) ?? [])
      if (!found.has(on)) {
        found.add(on);
        queue.push(on);
      }
  found.delete(from);
  return found;
}
