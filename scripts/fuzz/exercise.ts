import type { Diagnostic } from "#base/diagnostic";
import { diagnosticCodes } from "#app/diagnostic-codes";
import { withoutFollowUps } from "#app/follow-ups";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { listTasks } from "#app/operations/list";
import { planGraph, taskGraph } from "#app/operations/graph";
import { planLoaded } from "#app/operations/plan-run";
import { showTasks } from "#app/operations/show";
import type { Problems } from "#app/problems";
import { plainProblems } from "#app/problems";
import type { ConfigReader } from "#core/config/config-reader";
import { formatToml } from "#core/config/toml/format";
import type { Plan } from "#core/model/plan";
import { commands, reservedNames } from "#frontends/cli/commands";
import { globalOptions } from "#frontends/cli/global-options";
import { parseArguments } from "#frontends/cli/parse-args";
import { nameOf } from "#frontends/cli/shorthand";
import { diagnosticsJson } from "#frontends/output/diagnostic-json";
import { renderDiagnostics } from "#frontends/output/diagnostic-text";
import { GRAPH_FORMATS, renderGraph } from "#frontends/output/graph-text";
import { plainLook } from "#frontends/output/look";
import { renderTaskList } from "#frontends/output/task-list";
import type { FuzzCase } from "./fuzz-target";

// oxlint-disable-next-line no-control-regex
const RAW_CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const HOST = {
  os: "linux",
  arch: "x64",
  cpus: 4,
  totalMemory: () => 2 ** 33,
  cwd: "/w",
  env: { HOME: "/home" },
};

/** How far a case came: the configuration was refused, or it was read, and something of it could be planned. */
export type Reached = "refused" | "read" | "planned";

/** Does with a case what commands do, without a world. Throws where something breaks what zr promises. */
export async function exercise({ files, cwd, words }: FuzzCase): Promise<Reached> {
  for (const text of Object.values(files)) void formatToml(text);
  const read = parseArguments(words, commands, globalOptions);
  if (!read.ok) show(plainProblems(...read.error), cwd);
  const parsed = read.ok ? read.value.parsed : { options: {}, words: ["build"], extra: [] };
  const options: Readonly<Record<string, unknown>> = parsed.options;
  const profile = typeof options["profile"] === "string" ? options["profile"] : undefined;
  const loaded = await loadWorkspace(
    { cwd, env: HOST.env, reservedNames, ...(profile === undefined ? {} : { profile }) },
    readerOf(files),
  );
  if (!loaded.ok) {
    show(loaded.error, cwd);
    return "refused";
  }
  await look(loaded.value);
  let isPlanned = await plan(loaded.value, {
    words: parsed.words,
    extra: parsed.extra,
    only: options["only"] === true,
    cwd,
  });
  for (const task of listTasks(loaded.value.workspace, { tags: [], all: true }).slice(0, 20)) {
    isPlanned = (await plan(loaded.value, { words: [task.name], extra: [], only: false, cwd })) || isPlanned;
  }
  return isPlanned ? "planned" : "read";
}

function readerOf(files: FuzzCase["files"]): ConfigReader {
  return {
    readText: (path) =>
      Promise.resolve(
        Object.hasOwn(files, path) ? { kind: "text", text: files[path] ?? "" } : { kind: "missing" },
      ),
    glob: (pattern, folder) => {
      const glob = new Bun.Glob(pattern);
      const inside = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      return Promise.resolve(inside.filter((path) => glob.match(path.slice(folder.length + 1))).toSorted());
    },
  };
}

async function look({ workspace, texts }: LoadedWorkspace): Promise<void> {
  const tasks = listTasks(workspace, { tags: [], all: true });
  const listing = await renderTaskList(tasks, workspace.current.name, {
    color: false,
    unicode: true,
    columns: 80,
    tree: true,
  });
  if (RAW_CONTROLS.test(listing))
    throw new Error(`a raw control character in the listing: ${JSON.stringify(listing)}`);
  for (const task of tasks.slice(0, 20)) {
    if (!task.name.includes("*")) void showTasks(workspace, task.name, texts);
    void nameOf(task.name, { workspace, later: undefined, known: reservedNames });
  }
  const graph = taskGraph(workspace);
  for (const format of GRAPH_FORMATS) void renderGraph(graph, format, { unicode: true, critical: true });
}

async function plan(
  loaded: LoadedWorkspace,
  request: {
    readonly words: readonly string[];
    readonly extra: readonly string[];
    readonly only: boolean;
    readonly cwd: string;
  },
): Promise<boolean> {
  const input = { host: HOST, env: {}, vars: {}, isTerminal: false, shellRefusal: "fuzzing", ...request };
  const planned = await planLoaded(loaded, input);
  if (!planned.ok) {
    show(planned.error, request.cwd);
    return false;
  }
  checkOrder(planned.value.plan);
  for (const format of GRAPH_FORMATS)
    void renderGraph(planGraph(planned.value.plan), format, { unicode: false, critical: true });
  const again = await planLoaded(loaded, input);
  if (!again.ok || JSON.stringify(again.value.plan) !== JSON.stringify(planned.value.plan))
    throw new Error("the same request gives another plan");
  return true;
}

function checkOrder({ instances, criticalPath, requested }: Plan): void {
  const met = new Set<string>();
  for (const { id, edges } of instances) {
    if (met.has(id)) throw new Error(`two instances are ${id}`);
    for (const edge of edges)
      if (!met.has(edge.on)) throw new Error(`${id} stands before ${edge.on}, which it needs`);
    met.add(id);
  }
  for (const id of [...criticalPath, ...requested])
    if (!met.has(id)) throw new Error(`${id} is not in the plan`);
}

function show(problems: Problems, cwd: string): void {
  const { texts, unread } = problems;
  const located = locateDiagnostics(problems.diagnostics, unread, texts);
  if (located.length === 0) throw new Error("refused without a diagnostic");
  if (withoutFollowUps(problems.diagnostics, unread).length + unread.length === 0)
    throw new Error("all diagnostics follow from others");
  for (const diagnostic of located) checkDiagnostic(diagnostic, texts);
  const options = { texts, codes: diagnosticCodes, root: cwd, cwd, look: plainLook(true), columns: 80 };
  const text = renderDiagnostics(located, options);
  if (RAW_CONTROLS.test(text))
    throw new Error(`a raw control character in a diagnostic: ${JSON.stringify(text)}`);
  void JSON.stringify(diagnosticsJson(located, options));
}

function checkDiagnostic({ code, place, related }: Diagnostic, texts: ReadonlyMap<string, string>): void {
  if (!Object.hasOwn(diagnosticCodes, code)) throw new Error(`code ${code} stands in no table`);
  for (const { file, span } of [place, ...(related ?? []).map((item) => item.place)].filter(
    (item) => item !== undefined,
  )) {
    const { length } = texts.get(file) ?? "";
    if (span !== undefined && !(span.start >= 0 && span.start <= span.end && span.end <= length))
      throw new Error(`${code} is placed at ${span.start} to ${span.end} of ${length} characters`);
  }
}
