import { err, ok } from "#base/result";
import { estimate } from "#app/operations/estimate";
import { explainRun } from "#app/operations/explain";
import { packageGraph, planGraph, taskGraph } from "#app/operations/graph";
import type { GraphView } from "#app/operations/graph";
import { compact, LIST_SHARE } from "./answer-parts";
import { pageOf } from "./fit";
import type { OperationBody } from "./operation";
import { planTask } from "./plan-task";
import { load } from "./workspace-load";

const USUAL_STEPS = 50;
const USUAL_NODES = 100;
const NOT_CACHED = "not cached";

export const explainTaskBody: OperationBody = async (input, context) => {
  const planned = await planTask(input, context);
  if (!planned.ok) return err(planned.error);
  const explained = await explainRun(planned.value.planned, context.host);
  const isVerbose = input.isOn("verbose");
  const steps = explained.map(({ id, verdict, reason, command, after, cache, key }) => ({
    task: id,
    would: verdict,
    why: context.words.reason(reason),
    ...compact({
      command,
      after,
      cache: isVerbose || !cache.startsWith(NOT_CACHED) ? cache : "",
      key: isVerbose ? key : "",
    }),
  }));
  const page = pageOf(steps, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? USUAL_STEPS,
    budget: context.budget * LIST_SHARE,
  });
  return ok({ value: { plan: page.items, total: page.total, ...compact({ cursor: page.cursor }) } });
};

export const showGraphBody: OperationBody = async (input, context) => {
  const graph = await graphOf(input, context);
  if (!graph.ok) return graph;
  const { nodes, edges } = graph.value;
  const needs = Map.groupBy(edges, ({ from }) => from);
  const entries = nodes.map(
    ({ id }) => [id, [...new Set((needs.get(id) ?? []).map(({ to }) => to))]] as const,
  );
  const page = pageOf(entries, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? USUAL_NODES,
    budget: context.budget * LIST_SHARE,
  });
  return ok({
    value: { needs: Object.fromEntries(page.items), total: page.total, ...compact({ cursor: page.cursor }) },
  });
};

async function graphOf(
  ...[input, context]: Parameters<OperationBody>
): Promise<ReturnType<typeof ok<GraphView>> | Extract<Awaited<ReturnType<typeof planTask>>, { ok: false }>> {
  if (input.text("task") !== undefined) {
    const planned = await planTask(input, context);
    return planned.ok ? ok(planGraph(planned.value.planned.plan)) : planned;
  }
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  return ok(input.isOn("packages") ? packageGraph(workspace) : taskGraph(workspace));
}

export const estimateDurationBody: OperationBody = async (input, context) => {
  const planned = await planTask(input, context);
  if (!planned.ok) return err(planned.error);
  const { estimate: found } = await estimate(planned.value.planned);
  const { total, criticalPath, unknown, instances } = found;
  const rounded = (value: number | null | undefined): number | undefined =>
    value === null || value === undefined ? undefined : Math.round(value);
  return ok({
    value: compact({
      usualMs: rounded(total?.p50),
      slowMs: rounded(total?.p90),
      criticalPath,
      unknown,
      tasks: input.isOn("verbose")
        ? instances.map(({ id, runs, p50, p90, successRate }) => ({
            task: id,
            runs,
            ...compact({
              usualMs: rounded(p50),
              slowMs: rounded(p90),
              successRate: successRate ?? undefined,
            }),
          }))
        : [],
    }),
  });
};
