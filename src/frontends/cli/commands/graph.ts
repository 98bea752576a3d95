import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { cutGraph, graphOfPackages, packageGraph, planGraph, taskGraph } from "#app/operations/graph";
import { placeLines } from "#app/place-lines";
import type { GraphView } from "#app/operations/graph";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { findPackage } from "#core/workspace/select-packages";
import { taskId } from "#core/model/ids";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { GRAPH_FORMATS, renderGraph } from "#frontends/output/graph-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { print } from "#system/stdio/print";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { selectedNames } from "#frontends/cli/selected-names";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import type { MadeGraph } from "#frontends/cli/graph-page-data";
import { planInput } from "#frontends/cli/plan-input";

export const body: CommandBody = {
  async run(parsed) {
    const { options } = parsed;
    const session = openSession(options);
    const isPage = isOn(options, "open") || options["serve"] !== undefined;
    const format = formatOption(options) ?? (isPage ? "html" : "ascii");
    if (isPage && format !== "html" && (format !== "svg" || options["serve"] !== undefined))
      return refuse(
        session,
        usageProblem("E183", { name: "--format", expected: "html to be shown as a page", found: format }),
      );
    const depth = textOption(options, "depth");
    if (depth !== undefined && !/^\d+$/.test(depth))
      return refuse(
        session,
        usageProblem("E183", { name: "--depth", expected: "a whole number", found: depth }),
      );
    if (format === "html" || format === "svg") {
      const { showGraphPage } = await import("#frontends/cli/graph-pages");
      return showGraphPage(session, { format, make: () => makeGraph(parsed, session, format) });
    }
    const made = await makeGraph(parsed, session, format);
    if (typeof made === "number") return made;
    if (!made.ok) return refuse(session, made.error);
    const known = GRAPH_FORMATS.find((one) => one === format);
    if (known === undefined) throw new Error(`${format} has passed the parser`);
    const text = renderGraph(made.value.graph, known, {
      unicode: hasUnicode(session.host.env),
      critical: isOn(options, "critical"),
    });
    const out = textOption(options, "out");
    if (out === undefined) await print("stdout", text);
    else {
      const written = await writeFileAtomically(resolveFrom(session.cwd, out), text);
      if (!written.ok) return refuse(session, usageProblem("E190", { path: out, reason: written.error }));
    }
    return 0;
  },
};

/** The part of the graph that the command line asks for; the exit code where `--filter` means nothing, which was told. */
async function makeGraph(
  parsed: ParsedCommand,
  session: Session,
  format: string,
): Promise<Result<MadeGraph, Problems> | number> {
  const { options, words } = parsed;
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return loaded;
  const selected = await selectedNames(loaded.value, session);
  if (typeof selected === "number") return selected;
  const drawn = await draw(parsed, session, { loaded: loaded.value, format });
  if (!drawn.ok) return drawn;
  const { graph: whole, from } =
    selected === undefined ? drawn.value : onlySelected(drawn.value, selected, words);
  const marked = await withMarks(whole, session, loaded.value.workspace);
  if (!marked.ok) return marked;
  const graph = marked.value;
  const named = textOption(options, "focus");
  const focus =
    named === undefined ? [] : nodesNamed(named, { graph, workspace: loaded.value.workspace, options });
  const wanted = [...from, ...focus];
  const unknown = wanted.find((id) => !graph.nodes.some((node) => node.id === id));
  if (unknown !== undefined) return err(unknownNode(unknown, graph, isOn(options, "packages")));
  const depth = textOption(options, "depth");
  const cut = cutGraph(graph, {
    from,
    reverse: isOn(options, "reverse"),
    ...(depth === undefined ? {} : { depth: Number(depth) }),
    focus,
  });
  return ok({ graph: cut, loaded: loaded.value });
}

/** The graph with what a change affects marked, where that is asked for. */
async function withMarks(
  graph: GraphView,
  session: Session,
  workspace: Workspace,
): Promise<Result<GraphView, Problems>> {
  const since = textOption(session.options, "affected");
  if (since === undefined) return ok(graph);
  const { withAffected } = await import("#frontends/cli/mark-graph");
  return withAffected(graph, since, { workspace, session });
}

function unknownNode(name: string, { nodes }: GraphView, isPackage: boolean): Problems {
  const near = suggest(
    name,
    nodes.map(({ id }) => id),
  );
  if (isPackage) return usageProblem("E132", { name }, near);
  return usageProblem("E160", { name, where: " in this graph" }, near);
}

/**
 * The nodes that a word of the command line means: a package that may be called by the end of its name, else the tasks
 * that `zr run` would take for it. A word that means nothing stands for itself.
 */
function nodesNamed(
  word: string,
  { graph, workspace, options }: Pick<Drawn, "graph"> & Pick<Session, "options"> & { workspace: Workspace },
): readonly string[] {
  if (isOn(options, "packages")) return [findPackage(workspace, word)?.name ?? word];
  if (graph.nodes.some(({ id }) => id === word)) return [word];
  const origin = { pkg: workspace.current };
  const { name } = parseReference(word);
  const here = resolveReference(workspace, origin, name);
  const found = here.length > 0 ? here : resolveReference(workspace, origin, `*:${name}`);
  const meant = new Set<string>(found.map(({ pkg, entry }) => taskId(pkg.prefix, entry.name)));
  // In a plan each combination of a matrix is a node.
  const nodes = graph.nodes.map(({ id }) => id).filter((id) => meant.has(id.replace(/\[.*$/s, "")));
  return nodes.length > 0 ? nodes : [word];
}

/** A graph and the nodes to start from. */
interface Drawn {
  readonly graph: GraphView;
  readonly from: readonly string[];
}

/** The graph that the options ask for: of packages, of the plan of the tasks named, else of all tasks. */
async function draw(
  parsed: ParsedCommand,
  session: Session,
  { loaded, format }: { readonly loaded: LoadedWorkspace; readonly format: string },
): Promise<Result<Drawn, Problems>> {
  const { options, words } = parsed;
  const { workspace, texts } = loaded;
  if (isOn(options, "packages")) {
    const lineOf = format === "json" ? placeLines(texts) : undefined;
    const graph = packageGraph(workspace, lineOf);
    return ok({ graph, from: words.flatMap((word) => nodesNamed(word, { graph, workspace, options })) });
  }
  // Only a plan has a path that is critical.
  if (words.length === 0 && isOn(options, "critical"))
    return err(usageProblem("E184", { command: "zr graph --critical", what: "the name of a task" }));
  if (words.length === 0 || isOn(options, "reverse")) {
    const graph = taskGraph(workspace);
    return ok({ graph, from: words.flatMap((word) => nodesNamed(word, { graph, workspace, options })) });
  }
  const planned = await planLoaded(loaded, planInput(parsed, session));
  if (!planned.ok) return planned;
  const { plan } = planned.value;
  const { rankByHistory } = await import("#app/expected-durations");
  const graph = planGraph(isOn(options, "critical") || format === "html" ? await rankByHistory(plan) : plan);
  return ok({ graph, from: plan.requested });
}

/** What lies in the selected packages. A start that was named on the command line stays, so that it is missed there. */
function onlySelected(drawn: Drawn, selected: ReadonlySet<string>, words: readonly string[]): Drawn {
  const graph = graphOfPackages(drawn.graph, selected);
  const kept = new Set(graph.nodes.map(({ id }) => id));
  return { graph, from: drawn.from.filter((id) => words.includes(id) || kept.has(id)) };
}
