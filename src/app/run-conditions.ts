import type { Diagnostic } from "#base/diagnostic";
import type { Result } from "#base/result";
import type { CheckScope } from "#core/expr/check-names";
import { checkCondition } from "#core/expr/check";
import { evaluateCondition } from "#core/expr/evaluate";
import type { ExprScope } from "#core/expr/evaluate-names";
import type { ExprHost, FinishedFacts } from "#core/expr/host";
import { parseExpression } from "#core/expr/parser";
import { problemDiagnostic } from "#core/expr/problem";
import { types } from "#core/expr/types";
import { messageText } from "#base/message";
import { exprDiagnosticCodes } from "#core/expr/codes";
import { isGood } from "#core/model/outcome";
import type { ConditionSource, Instance, Plan } from "#core/model/plan";
import type { OpenCondition } from "#core/plan/request";
import type { ConditionInput, Conditions, Verdict } from "#engine/exec/conditions";
import { createExprHost, createExprMemo } from "#engine/exec/expr-host";
import type { ExprMemo } from "#engine/exec/expr-host";

/** Facts about the start of zr that expressions may ask for. */
export interface ConditionFacts {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly os: string;
  readonly arch: string;
  readonly isTerminal: boolean;
  /** Why `shell()` may not run; undefined where it may. */
  readonly shellRefusal?: string;
}

/** Checks and decides the conditions of one run by the expression language. Loaded only where there is a condition. */
export class RunConditions implements Conditions {
  readonly #facts: ConditionFacts;
  readonly #memo: ExprMemo = createExprMemo();
  readonly #finished = new Map<string, FinishedFacts>();

  constructor(facts: ConditionFacts) {
    this.#facts = facts;
  }

  /** The conditions that decide which dependencies a plan has. */
  async answer(
    open: readonly OpenCondition[],
  ): Promise<Result<ReadonlyMap<string, boolean>, readonly Diagnostic[]>> {
    const answers = new Map<string, boolean>();
    const problems: Diagnostic[] = [];
    for (const { key, condition, scope } of open) {
      const check = {
        site: "task",
        matrix: keyTypes(scope.matrix),
        args: keyTypes(scope.args),
        vars: keyTypes(scope.vars),
      } as const;
      const wrong = checkCondition(condition.source, check).map((problem) =>
        problemDiagnostic(problem, condition.place),
      );
      problems.push(...wrong);
      if (wrong.length > 0) continue;
      const host = this.#host(scope.package.dir, this.#facts.env);
      const expr = parseExpression(condition.source);
      const verdict = expr.ok
        ? await evaluateCondition(expr.value, { ...scope, workspace: { root: this.#facts.root } }, host)
        : expr;
      if (verdict.ok) answers.set(key, verdict.value);
      else problems.push(problemDiagnostic(verdict.error, condition.place));
    }
    return problems.length === 0 ? { ok: true, value: answers } : { ok: false, error: problems };
  }

  /** What is wrong with the conditions of a plan's instances, before anything runs. */
  check(plan: Plan): readonly Diagnostic[] {
    const problems: Diagnostic[] = [];
    const upstream = upstreamNames(plan);
    const tasks = new Set(
      plan.instances.flatMap((instance) => [instance.name, String(instance.task), String(instance.id)]),
    );
    for (const instance of plan.instances) {
      const sources = conditionsOf(instance);
      if (sources.length === 0) continue;
      const scope: CheckScope = {
        site: "task",
        matrix: keyTypes(instance.matrix),
        args: keyTypes(instance.params),
        vars: keyTypes(plan.packages[instance.environment]?.vars ?? {}),
        upstream: upstream(instance),
        tasks,
        ...(this.#facts.shellRefusal === undefined ? {} : { shellRefusal: this.#facts.shellRefusal }),
      };
      for (const { source, place } of sources)
        problems.push(...checkCondition(source, scope).map((problem) => problemDiagnostic(problem, place)));
    }
    return problems;
  }

  async decide({
    condition,
    instance,
    package: pkg,
    env,
    attempt,
    exitCode,
  }: ConditionInput): Promise<Verdict> {
    const expr = parseExpression(condition.source);
    const scope: ExprScope = {
      matrix: instance.matrix,
      args: instance.params,
      vars: pkg.vars,
      package: pkg,
      workspace: { root: this.#facts.root },
      task: { name: instance.name, tags: instance.tags },
      attempt,
      allowFailure: instance.allowFailure,
      ...(exitCode === undefined ? {} : { exitCode }),
    };
    const verdict = expr.ok
      ? await evaluateCondition(expr.value, scope, this.#host(instance.environment, env))
      : expr;
    if (verdict.ok) return { kind: "holds", value: verdict.value };
    return { kind: "error", message: messageText(exprDiagnosticCodes, verdict.error) };
  }

  finished(...[id, { state }, { durationMs, exitCode }]: Parameters<Conditions["finished"]>): void {
    this.#finished.set(id, {
      success: isGood(state) && state !== "skipped",
      failed: state === "failed" || state === "timed_out",
      skipped: state === "skipped",
      cached: state === "cached",
      durationMs,
      exitCode,
    });
  }

  #host(packageDir: string, env: Readonly<Record<string, string | undefined>>): ExprHost {
    const { root, os, arch, isTerminal, shellRefusal } = this.#facts;
    return createExprHost({
      root,
      packageDir,
      env,
      platform: os,
      arch,
      tty: isTerminal,
      ci: isSet(this.#facts.env["CI"]),
      shellRefusal: shellRefusal ?? null,
      memo: this.#memo,
      finished: (group, name) => (group === "tasks" ? (this.#finished.get(name) ?? null) : null),
      output: () => undefined,
    });
  }
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

const keyTypes = (
  values: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, (typeof types)["dynamic"]> =>
  new Map(Object.keys(values).map((key) => [key, types.dynamic]));

const conditionsOf = (instance: Instance): ConditionSource[] => [
  ...(instance.condition === undefined ? [] : [instance.condition]),
  ...instance.preconditions,
  ...instance.steps.flatMap((step) => (step.condition === undefined ? [] : [step.condition])),
];

/** For an instance the names of everything that is sure to have ended before it starts. */
function upstreamNames(plan: Plan): (instance: Instance) => ReadonlySet<string> {
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  return (instance) => {
    const names = new Set<string>();
    const queue = [instance];
    const seen = new Set(queue);
    for (const next of queue) {
      for (const edge of next.edges) {
        const other = byId.get(edge.on);
        if (other === undefined || seen.has(other)) continue;
        seen.add(other);
        queue.push(other);
        names.add(other.name).add(other.task).add(other.id);
      }
    }
    return names;
  };
}
