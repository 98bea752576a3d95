import type { Diagnostic, Place } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import type { Parameter } from "#core/plan/parameters";
import type { EnvEntry, EnvSource } from "#core/model/environment";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { Plan, PlanPackage } from "#core/model/plan";
import type { WorkflowEndPlan, WorkflowPlan, WorkflowStage } from "#core/model/workflow";
import { parseReference, resolveReference } from "#core/workspace/references";
import { declaredEnds, declaredStages, workflowKeyPlace, workflowPlace } from "#core/workspace/workflows";
import type { DeclaredCall, DeclaredStage, FoundWorkflow } from "#core/workspace/workflows";
import type { Package, Workspace } from "#core/workspace/workspace";
import { envSource } from "./env-sources";
import { sharedEnvironment } from "./shared-environment";
import { inputProblem } from "./input-problem";
import { Interpolation } from "./interpolation";
import type { PlaceOf } from "./interpolation";
import type { GivenEnv } from "./node";
import { bindParameters, parameterText, parameterVariable } from "./parameters";
import type { GivenValues, ParameterValues } from "./parameters";
import { Planner } from "./planner";
import type { Planned, PlanRequest } from "./request";
import { withSetValues } from "./set-values";
import { uniqueDiagnostics } from "./unique-diagnostics";
import type { Asked, Item } from "./wish";
import { plannedQuestion } from "./workflow-text";

export interface WorkflowRequest extends Omit<PlanRequest, "targets" | "extra" | "only" | "workflow"> {
  readonly inputs: GivenValues;
}

/**
 * Plans a workflow: everything that its stages and ends may run as one plan, in which what a later stage brings in
 * comes after what the one before it asks for. It starts nothing and reads nothing.
 */
export function planWorkflow(
  workspace: Workspace,
  found: FoundWorkflow,
  request: WorkflowRequest,
): Planned<WorkflowPlan> {
  return new WorkflowPlanner(workspace, found, request).plan();
}

/** The inputs that a workflow declares. The schema has made sure that each has a name. */
export const declaredInputs = ({ entry }: FoundWorkflow): readonly Parameter[] =>
  (entry.table.inputs ?? []) as readonly Parameter[];

class WorkflowPlanner {
  readonly #workspace: Workspace;
  readonly #found: FoundWorkflow;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #inputs: ParameterValues;
  readonly #planner: Planner;
  readonly #vars: Readonly<Record<string, unknown>>;
  readonly #os: string;
  /** All that have been made, each with the problems that it has met. */
  readonly #fills: Interpolation[] = [];

  constructor(workspace: Workspace, found: FoundWorkflow, request: WorkflowRequest) {
    this.#workspace = workspace;
    this.#found = found;
    this.#vars = withSetValues(found.pkg.config.vars, request.vars);
    this.#os = request.host.os;
    this.#inputs = this.#bindInputs(request);
    const { inputs: _, ...rest } = request;
    this.#planner = new Planner(workspace, {
      ...rest,
      targets: [],
      extra: [],
      only: false,
      workflow: this.#forAll(),
    });
  }

  plan(): Planned<WorkflowPlan> {
    const { entry, pkg } = this.#found;
    const { table, name } = entry;
    const stages: WorkflowStage[] = [];
    for (const stage of declaredStages(entry))
      stages.push(this.#stage(stage, stages.at(-1)?.requested ?? []));
    const ends = this.#ends(stages.at(-1)?.requested ?? []);
    const requested = stages.flatMap((stage) => stage.requested);
    const planned = this.#planner.finish([...new Set(requested)]);
    this.#diagnostics.push(...uniqueDiagnostics(this.#fills.flatMap((fill) => fill.problems)));
    if (this.#diagnostics.length > 0) {
      const others = planned.kind === "problems" ? planned.diagnostics : [];
      return { kind: "problems", diagnostics: [...this.#diagnostics, ...others] };
    }
    if (planned.kind !== "plan") return planned;
    const timeoutMs = table.timeout === undefined ? undefined : parseTimer(table.timeout);
    const { concurrency } = table;
    const plan: WorkflowPlan = {
      v: 1,
      name,
      plan: withPackage(planned.plan, this.#found.pkg, {
        root: this.#workspace.root,
        os: this.#os,
        vars: this.#vars,
      }),
      stages,
      ends,
      inputs: this.#inputs,
      package: pkg.dir,
      env: this.#ownEnv(),
      place: workflowPlace(entry),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(table.retry_budget === undefined ? {} : { retryBudget: table.retry_budget }),
      ...(concurrency === undefined ? {} : { concurrency: this.#concurrency(concurrency) }),
    };
    return { kind: "plan", plan };
  }

  #concurrency(
    declared: NonNullable<FoundWorkflow["entry"]["table"]["concurrency"]>,
  ): NonNullable<WorkflowPlan["concurrency"]> {
    const table = typeof declared === "string" ? { group: declared } : declared;
    const place = workflowKeyPlace(
      this.#found.entry,
      "concurrency",
      ...(table === declared ? ["group"] : []),
    );
    return {
      group: this.#fill().plain(table.group ?? "", this.#at(place)),
      cancelInProgress: table.cancel_in_progress === true,
    };
  }

  #bindInputs(request: WorkflowRequest): ParameterValues {
    const { entry } = this.#found;
    const declared = declaredInputs(this.#found);
    const { values, problems } = bindParameters(declared, request.inputs, {
      task: entry.name,
      env: request.host.env,
    });
    this.#diagnostics.push(...problems.map((problem) => inputProblem(problem, { entry, declared })));
    return values;
  }

  /** What everything that the workflow runs gets in its environment. */
  #forAll(): NonNullable<PlanRequest["workflow"]> {
    const { entry } = this.#found;
    const inputs = declaredInputs(this.#found).flatMap(({ name, env: variable }): EnvEntry[] => {
      const given = this.#inputs[name];
      const value = { kind: "text", text: parameterText(given ?? ""), expand: false } as const;
      const own = { name: parameterVariable(name), value };
      return variable === undefined || given === undefined ? [own] : [own, { name: variable, value }];
    });
    const { env } = entry.table;
    return {
      inputs,
      ...(env === undefined ? {} : { env: this.#givenEnv(env, ["env"], this.#fill()) }),
    };
  }

  /** The layers that conditions of stages see over those of the package. */
  #ownEnv(): readonly EnvSource[] {
    const { inputs, env } = this.#forAll();
    const { pkg } = this.#found;
    return [
      { layer: "workflow", entries: inputs },
      ...(env === undefined
        ? []
        : [
            envSource("workflow", env.table, {
              place: { file: env.file, path: env.path },
              dir: pkg.dir,
              fill: (text, place) => this.#fill().expanded(text, this.#at(place)),
            }),
          ]),
    ];
  }

  #givenEnv(table: GivenEnv["table"], path: readonly (string | number)[], fill: Interpolation): GivenEnv {
    const { file, path: base } = this.#found.entry;
    return {
      table,
      file,
      path: [...base, ...path],
      layer: "workflow",
      writer: { fill, where: `workflow '${this.#found.entry.name}'` },
    };
  }

  /** The workflow's own strings: `args` are its inputs, `matrix` the value that a stage is run for. */
  #fill(item?: Item): Interpolation {
    const { pkg, entry } = this.#found;
    const fill = new Interpolation(() => ({
      matrix: item === undefined ? {} : { [item.key]: item.value },
      args: this.#inputs,
      declaredArgs: declaredInputs(this.#found).map(({ name }) => name),
      vars: this.#vars,
      match: [],
      task: { name: entry.name },
      package: { name: pkg.name, path: pkg.path, dir: pkg.dir },
      workspace: { root: this.#workspace.root },
      os: this.#os,
      // Left to the task that gets it; where that can't be, it is not known yet.
      output: () => ({ kind: "found", of: instanceId(entry.name), path: [] }),
    }));
    this.#fills.push(fill);
    return fill;
  }

  #at(place: Place): PlaceOf {
    return () => ({ place, where: `workflow '${this.#found.entry.name}'` });
  }

  #stage(stage: DeclaredStage, before: readonly InstanceId[]): WorkflowStage {
    const { entry } = this.#found;
    const requested = new Set<InstanceId>();
    const inTurn: InstanceId[] = [];
    for (const item of this.#items(stage)) {
      for (const call of stage.calls) {
        const ids = this.#request(call, {
          item,
          stageEnv: stage.env === undefined ? undefined : { table: stage.env, path: [...stage.path, "env"] },
          reason: { kind: "stage", stage: stage.name },
        });
        for (const id of ids) requested.add(id);
        inTurn.push(...ids);
      }
    }
    const brought = this.#planner.expand(stage.name);
    this.#planner.order(brought, before);
    // What an earlier stage has run already needs no turn.
    if (stage.parallel === false)
      this.#planner.chain([...new Set(inTurn)].filter((id) => brought.includes(id)));
    const timeoutMs = stage.timeout === undefined ? undefined : parseTimer(stage.timeout);
    const place = (...rest: readonly (string | number)[]): Place =>
      workflowKeyPlace(entry, ...stage.path, ...rest);
    const approval = this.#approval(stage, place("approval"));
    return {
      name: stage.name,
      requested: [...requested],
      ...(stage.condition === undefined
        ? {}
        : { condition: { source: stage.condition, place: place("condition") } }),
      ...(stage.fail_fast === undefined ? {} : { failFast: stage.fail_fast }),
      ...(approval === undefined ? {} : { approval }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      retries: stage.retry ?? 0,
      allowFailure: stage.allow_failure === true,
    };
  }

  #approval({ approval, name }: DeclaredStage, place: Place): string | undefined {
    if (approval === undefined || approval === false) return undefined;
    if (approval === true) return `Run stage '${name}'?`;
    return plannedQuestion(approval, this.#fill(), this.#at(place));
  }

  /** The values that a stage is run for; none, once, where it has no `for_each`. */
  #items(stage: DeclaredStage): readonly (Item | undefined)[] {
    const { for_each: forEach } = stage;
    if (forEach === undefined) return [undefined];
    if (typeof forEach !== "string") return forEach.map((value) => ({ key: "item", value: String(value) }));
    const axis = forEach.slice("matrix.".length);
    const values = new Set(stage.calls.flatMap((call) => this.#axisValues(call, axis)));
    if (values.size === 0)
      this.#diagnostics.push({
        code: "E263",
        severity: "error",
        data: { stage: stage.name, axis },
        place: workflowKeyPlace(this.#found.entry, ...stage.path, "for_each"),
      });
    return [...values].map((value) => ({ key: axis, value }));
  }

  #axisValues({ ref }: DeclaredCall, axis: string): readonly string[] {
    const { pkg, entry } = this.#found;
    const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
    return resolveReference(this.#workspace, origin, parseReference(ref).name).flatMap((target) => {
      const values: unknown = target.pkg.resolve(target.entry).table.matrix?.[axis];
      return Array.isArray(values) ? values.map(String) : [];
    });
  }

  #ends(last: readonly InstanceId[]): readonly WorkflowEndPlan[] {
    return declaredEnds(this.#found.entry).map(({ role, calls, always }) => {
      const requested = calls.flatMap((call) =>
        this.#request(call, {
          item: undefined,
          stageEnv: undefined,
          reason: { kind: "workflow-end", role },
          zone: `role:${role}`,
        }),
      );
      this.#planner.order(this.#planner.expand(role), last);
      return { role, requested, always };
    });
  }

  #request(call: DeclaredCall, { item, stageEnv, reason, zone }: StageAsk): readonly InstanceId[] {
    const { pkg, entry } = this.#found;
    const fill = this.#fill(item);
    const place = workflowKeyPlace(entry, ...call.path);
    const inside = call.path.slice(0, -1);
    const env: GivenEnv[] = [];
    if (stageEnv !== undefined) env.push(this.#givenEnv(stageEnv.table, stageEnv.path, fill));
    if (call.env !== undefined) env.push(this.#givenEnv(call.env, [...inside, "env"], fill));
    const argsPlace = (key: string | number): PlaceOf =>
      this.#at(workflowKeyPlace(entry, ...inside, "args", key));
    const pick = Object.entries(parseReference(call.ref).pick).map(([axis, value]) => [
      axis,
      fill.plain(value, this.#at(place)),
    ]);
    const { args } = call;
    const words = isWordList(args) ? args.map((word, index) => fill.plain(word, argsPlace(index))) : [];
    const named =
      args === undefined || isWordList(args)
        ? {}
        : Object.fromEntries(
            Object.entries(args).map(([name, value]) => [name, fill.plain(String(value), argsPlace(name))]),
          );
    return this.#planner.request(
      { ref: call.ref, words, named },
      {
        pkg,
        ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }),
        place,
        reason,
        env,
        pick: Object.fromEntries(pick),
        defaults: this.#inputTexts(),
        ...(zone === undefined ? {} : { zone }),
        ...(item === undefined ? {} : { item }),
      },
    );
  }

  #inputTexts(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#inputs).map(([name, value]) => [name, parameterText(value)]),
    );
  }
}

/** The plan with what its workflow's own package says, though no instance may be of it. */
function withPackage(
  plan: Plan,
  pkg: Package,
  { root, os, vars }: { readonly root: string; readonly os: string; readonly vars: PlanPackage["vars"] },
): Plan {
  if (Object.hasOwn(plan.environments, pkg.dir)) return plan;
  const { name, path, tags } = pkg;
  return {
    ...plan,
    environments: { ...plan.environments, [pkg.dir]: sharedEnvironment(pkg, { root, os, vars }) },
    packages: { ...plan.packages, [pkg.dir]: { name, path, tags, vars } },
  };
}

interface StageAsk {
  readonly item: Item | undefined;
  readonly stageEnv:
    { readonly table: GivenEnv["table"]; readonly path: readonly (string | number)[] } | undefined;
  readonly reason: NonNullable<Asked["reason"]>;
  readonly zone?: NonNullable<Asked["zone"]>;
}

const isWordList = (args: unknown): args is readonly string[] => Array.isArray(args);
