import type { Diagnostic } from "#base/diagnostic";
import { childrenOf } from "#core/expr/ast";
import type { Expr } from "#core/expr/ast";
import type { CheckScope } from "#core/expr/check-names";
import { checkCondition } from "#core/expr/check";
import type { ExprScope } from "#core/expr/evaluate-names";
import type { FinishedFacts } from "#core/expr/host";
import { parseExpression } from "#core/expr/parser";
import { problemDiagnostic } from "#core/expr/problem";
import { types } from "#core/expr/types";
import type { InstanceId } from "#core/model/ids";
import type { ConditionSource, Instance } from "#core/model/plan";
import type { WorkflowPlan } from "#core/model/workflow";
import type { Parameter } from "#core/plan/parameters";
import { typedValue } from "#core/plan/typed-values";
import { instancesById, withNeeds } from "#core/plan/workflow-parts";
import { withOutputs } from "#core/plan/workflow-text";
import { maskText } from "#engine/env/mask";
import type { InstanceEnvironment } from "#engine/exec/instance-environment";
import type { Verdict } from "#engine/exec/conditions";
import type { StageConditions, StageEnd } from "#engine/exec/run-workflow";
import type { SharedOutput, SharedOutputs } from "#engine/exec/shared-outputs";
import type { RunConditions } from "#app/run-conditions";

export interface StageConditionOptions {
  readonly conditions: RunConditions;
  readonly inputs: readonly Parameter[];
  readonly outputs: SharedOutputs;
  /** Asked only where a condition speaks of variables. Not there before the run: then those of zr's start are seen. */
  readonly environment?: () => Promise<InstanceEnvironment>;
  /** Why `shell()` may not run; undefined where it may. */
  readonly shellRefusal?: string;
}

/** Checks and decides the conditions of a workflow's stages. */
export class WorkflowConditions implements StageConditions {
  readonly #workflow: WorkflowPlan;
  readonly #options: StageConditionOptions;
  readonly #scope: ExprScope;
  readonly #ended = new Map<string, FinishedFacts>();

  constructor(workflow: WorkflowPlan, options: StageConditionOptions) {
    this.#workflow = workflow;
    this.#options = options;
    const { plan, inputs, package: dir } = workflow;
    this.#scope = {
      args: Object.fromEntries(
        options.inputs.map((input) => [input.name, typedValue(input, inputs[input.name])]),
      ),
      vars: plan.packages[dir]?.vars ?? {},
      workspace: { root: plan.root },
    };
  }

  /** What is wrong with the conditions, before anything runs. */
  check(): readonly Diagnostic[] {
    const { plan, stages } = this.#workflow;
    const byId = instancesById(plan);
    const all = new Set(stages.map(({ name }) => name));
    const tasks = new Set(plan.instances.flatMap(namesOf));
    const earlierStages = new Set<string>();
    const upstream = new Set<string>();
    const problems: Diagnostic[] = [];
    for (const { name, condition, requested } of stages) {
      const scope: CheckScope = {
        site: "stage",
        args: new Map(this.#options.inputs.map((input) => [input.name, types.dynamic])),
        vars: new Map(Object.keys(this.#scope.vars ?? {}).map((key) => [key, types.dynamic])),
        matrix: new Map(),
        upstream: new Set(upstream),
        tasks,
        earlierStages: new Set(earlierStages),
        stages: all,
        ...(this.#options.shellRefusal === undefined ? {} : { shellRefusal: this.#options.shellRefusal }),
      };
      if (condition !== undefined)
        problems.push(
          ...checkCondition(condition.source, scope).map((problem) =>
            problemDiagnostic(problem, condition.place),
          ),
        );
      earlierStages.add(name);
      for (const id of withNeeds(requested, byId))
        for (const called of namesOf(byId.get(id))) upstream.add(called);
    }
    return problems;
  }

  async decide({ source }: ConditionSource): Promise<Verdict> {
    const { conditions, outputs, environment } = this.#options;
    const made = mentions(source, ["env"]) ? await environment?.() : undefined;
    if (made?.ok === false) {
      const { environmentProblem } = await import("#engine/exec/environment-problem");
      return { kind: "error", message: environmentProblem(made.diagnostics) };
    }
    return conditions.evaluate(source, {
      scope: this.#scope,
      packageDir: this.#workflow.package,
      ...(made === undefined ? {} : { env: made.env.values }),
      results: {
        finished: (name) => conditions.endOf(this.#called(name)),
        stage: (name) => this.#ended.get(name) ?? null,
        output: (name) => this.#shared(name, outputs)?.value,
      },
    });
  }

  question(approval: string): string {
    return withOutputs(approval, (key) => {
      const shared = this.#shared(key, this.#options.outputs);
      if (shared === undefined) return undefined;
      const text = typeof shared.value === "string" ? shared.value : JSON.stringify(shared.value);
      return maskText(text, shared.secrets);
    });
  }

  #shared(name: string, outputs: SharedOutputs): SharedOutput | undefined {
    const [only, ...others] = this.#called(name);
    return only === undefined || others.length > 0 ? undefined : outputs.of(only);
  }

  looksBack({ source }: ConditionSource): boolean {
    return mentions(source, ["stages", "steps"]);
  }

  ended({ name, state, durationMs }: StageEnd): void {
    this.#ended.set(name, {
      success: state === "success",
      failed: state === "failed" || state === "canceled",
      skipped: state === "skipped",
      durationMs,
    });
  }

  #called(name: string): readonly InstanceId[] {
    return this.#workflow.plan.instances
      .filter((instance) => namesOf(instance).includes(name))
      .map(({ id }) => id);
  }
}

const namesOf = (instance: Instance | undefined): readonly string[] =>
  instance === undefined ? [] : [instance.name, instance.task, instance.id];

/** Whether an expression speaks of one of these names. */
function mentions(source: string, names: readonly string[]): boolean {
  const expr = parseExpression(source);
  const speaks = (node: Expr): boolean =>
    (node.kind === "name" && names.includes(node.name)) || childrenOf(node).some(speaks);
  return expr.ok && speaks(expr.value);
}
