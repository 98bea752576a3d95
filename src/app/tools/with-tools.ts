import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Instance, Plan, SharedEnvironment } from "#core/model/plan";
import { toolLabel } from "#core/toolchain/tool-name";
import { packageTools, taskTools } from "#core/toolchain/tool-request";
import type { ReadRequests, ToolRequest } from "#core/toolchain/tool-request";
import type { Problems } from "#app/problems";
import type { PlannedRun } from "#app/operations/plan-run";
import type { Host } from "#system/host";
import { ensureTools, requestProblems } from "./ensure-tools";
import type { ToolGate } from "./ensure-tools";
import { toolSource } from "./find-tools";
import type { FoundTools } from "./find-tools";

/**
 * The same run with its tools: every environment has the folders of the tools that its package and task ask for, and
 * every instance knows their versions. Without a gate nothing is installed, and what is missing is left out.
 */
export async function withTools(
  planned: PlannedRun,
  host: Host,
  openGate: (() => Promise<ToolGate>) | undefined,
): Promise<Result<PlannedRun, Problems>> {
  const { plan, workspace, hooks, workflow } = planned;
  const fail = (diagnostics: readonly Diagnostic[]): Result<PlannedRun, Problems> =>
    err({ diagnostics, unread: [], texts: planned.texts });
  const asked = requestsOf(planned);
  const problems = asked.all.flatMap(requestProblems);
  if (problems.length > 0) return fail(problems);
  const found = await ensureTools(asked.requests, { host, root: workspace.root }, openGate);
  if (!found.ok) return fail(found.error);
  const tools = new ToolsOfPlan(asked, found.value, host);
  const hooked =
    hooks === undefined ? {} : { hooks: { ...hooks, environments: tools.environments(hooks.environments) } };
  const staged =
    workflow === undefined
      ? {}
      : { workflow: { ...workflow, plan: { ...workflow.plan, plan: tools.plan(workflow.plan.plan) } } };
  return ok({ ...planned, ...hooked, ...staged, plan: tools.plan(plan) });
}

interface AskedTools {
  readonly all: readonly ReadRequests[];
  /** Each once. */
  readonly requests: readonly ToolRequest[];
  readonly byPackage: ReadonlyMap<string, readonly ToolRequest[]>;
  readonly byInstance: ReadonlyMap<string, readonly ToolRequest[]>;
}

/** What the packages and tasks of a plan ask for. A package of which nothing is run asks for nothing. */
function requestsOf({ plan, workspace, hooks }: PlannedRun): AskedTools {
  const running = plan.instances.filter(({ steps }) => steps.length > 0);
  const folders = new Set([
    ...running.map(({ environment }) => environment),
    ...Object.keys(hooks?.environments ?? {}),
  ]);
  const all: ReadRequests[] = [];
  const byPackage = new Map<string, readonly ToolRequest[]>();
  for (const { dir, config } of workspace.packages.values()) {
    if (!folders.has(dir)) continue;
    const read = packageTools(config.files);
    all.push(read);
    byPackage.set(dir, read.requests);
  }
  const byInstance = new Map<string, readonly ToolRequest[]>();
  for (const { id, tools, place } of running) {
    if (tools === undefined) continue;
    const read = taskTools(tools, (key) => ({
      file: place.file,
      path: [...(place.path ?? []), "tools", key],
    }));
    all.push(read);
    byInstance.set(id, read.requests);
  }
  return { all, requests: unique(all.flatMap(({ requests }) => requests)), byPackage, byInstance };
}

/** Requests of the same version of a tool are one, whoever makes them. */
function unique(requests: readonly ToolRequest[]): readonly ToolRequest[] {
  const seen = new Map<string, ToolRequest>();
  for (const request of requests) {
    const key = keyOf(request);
    if (!seen.has(key)) seen.set(key, request);
  }
  return [...seen.values()];
}

const keyOf = ({ tool, request, url, isUsers }: ToolRequest): string =>
  [toolLabel(tool), request, url ?? "", String(isUsers)].join("\0");

class ToolsOfPlan {
  readonly #asked: AskedTools;
  readonly #ready: ReadonlyMap<string, FoundTools["ready"][number]>;
  readonly #versions: ReadonlyMap<string, string>;
  readonly #os: string;

  constructor(asked: AskedTools, found: FoundTools, host: Host) {
    this.#asked = asked;
    this.#os = host.os;
    this.#ready = new Map(found.ready.map((tool) => [keyOf(tool.request), tool]));
    this.#versions = new Map([
      ...found.missing.map(
        ({ request, locked }) => [keyOf(request), locked?.version ?? request.request] as const,
      ),
      ...found.ready.map(({ request, version }) => [keyOf(request), version] as const),
    ]);
  }

  plan(plan: Plan): Plan {
    return {
      ...plan,
      environments: this.environments(plan.environments),
      instances: plan.instances.map((instance) => this.instance(instance)),
    };
  }

  environments(
    environments: Readonly<Record<string, SharedEnvironment>>,
  ): Readonly<Record<string, SharedEnvironment>> {
    return Object.fromEntries(
      Object.entries(environments).map(([key, shared]) => {
        const source = toolSource(this.#readyOf(this.#asked.byPackage.get(key) ?? []), this.#os);
        return [key, source === undefined ? shared : { ...shared, sources: [source, ...shared.sources] }];
      }),
    );
  }

  instance(instance: Plan["instances"][number]): Instance {
    const own = this.#asked.byInstance.get(instance.id) ?? [];
    const all = [...(this.#asked.byPackage.get(instance.environment) ?? []), ...own];
    if (all.length === 0 || instance.steps.length === 0) return instance;
    const source = toolSource(this.#readyOf(own), this.#os);
    return {
      ...instance,
      ...(source === undefined ? {} : { env: [source, ...instance.env] }),
      toolVersions: Object.fromEntries(
        all.map((request) => [toolLabel(request.tool), this.#versions.get(keyOf(request)) ?? "system"]),
      ),
    };
  }

  #readyOf(requests: readonly ToolRequest[]): FoundTools["ready"] {
    return requests.flatMap((request) => this.#ready.get(keyOf(request)) ?? []);
  }
}
