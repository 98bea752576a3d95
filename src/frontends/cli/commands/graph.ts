import { resolveFrom } from "#base/path";
import { suggest } from "#base/suggest";
import { loadWorkspace } from "#app/load-workspace";
import { cutGraph, packageGraph, planGraph, taskGraph } from "#app/operations/graph";
import type { GraphView } from "#app/operations/graph";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { GRAPH_FORMATS, renderGraph } from "#frontends/output/graph-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { planInput } from "#frontends/cli/plan-input";

export const body: CommandBody = {
  async run(parsed) {
    const { options, words } = parsed;
    const session = openSession(options);
    const asked = formatOption(options) ?? "ascii";
    const format = GRAPH_FORMATS.find((known) => known === asked);
    if (asked === "html" || asked === "svg")
      return refuse(session, usageProblem("E186", { what: `--format ${asked}`, feature: "graph pages" }));
    if (format === undefined) throw new Error(`${asked} has passed the parser`);
    const depth = textOption(options, "depth");
    if (depth !== undefined && !/^\d+$/.test(depth))
      return refuse(
        session,
        usageProblem("E183", { name: "--depth", expected: "a whole number", found: depth }),
      );
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const isReverse = isOn(options, "reverse");
    let graph: GraphView;
    let from = words;
    if (isOn(options, "packages")) graph = packageGraph(workspace);
    else if (words.length > 0 && !isReverse) {
      const planned = await planLoaded(loaded.value, planInput(parsed, session));
      if (!planned.ok) return refuse(session, planned.error);
      const { plan } = planned.value;
      const { rankByHistory } = await import("#app/expected-durations");
      graph = planGraph(isOn(options, "critical") ? await rankByHistory(plan) : plan);
      from = planned.value.plan.requested;
    } else graph = taskGraph(workspace);
    const focus = textOption(options, "focus");
    const unknown = [...from, ...(focus === undefined ? [] : [focus])].find(
      (id) => !graph.nodes.some((node) => node.id === id),
    );
    if (unknown !== undefined)
      return refuse(
        session,
        usageProblem(
          "E160",
          { name: unknown, where: " in this graph" },
          suggest(
            unknown,
            graph.nodes.map((node) => node.id),
          ),
        ),
      );
    const cut = cutGraph(graph, {
      from,
      reverse: isReverse,
      ...(depth === undefined ? {} : { depth: Number(depth) }),
      ...(focus === undefined ? {} : { focus }),
    });
    const text = renderGraph(cut, format, {
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
