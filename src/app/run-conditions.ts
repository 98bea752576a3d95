import type { Diagnostic } from "#base/diagnostic";
import type { Result } from "#base/result";
import type { CheckScope } from "#core/expr/check-names";
import { checkCondition } from "#core/expr/check";
import { evaluateCondition } from "#core/expr/evaluate";
import type { ExprScope } from "#core/expr/evaluate-names";
import type { ExprHost, FinishedFacts } from "#core/expr/host";
import type { ExprSite } from "#core/expr/names";
import { parseExpression } from "#core/expr/parser";
import { problemDiagnostic } from "#core/expr/problem";
import { types } from "#core/expr/types";
import { messageText } from "#base/message";
import { exprDiagnosticCodes } from "#core/expr/codes";
import { isHandlerEdge } from "#core/model/edge-kinds";
import { isGood } from "#core/model/outcome";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { ConditionSource, GitField, Instance, Plan } from "#core/model/plan";
import { uniqueDiagnostics } from "#core/plan/unique-diagnostics";
import { Upstream } from "#core/plan/upstream";
import type { OpenCondition } from "#core/plan/request";
import type { ConditionInput, Conditions, Verdict } from "#engine/exec/conditions";
import { createExprHost, createExprMemo } from "#engine/exec/expr-host";
import type { ExprHostOptions, ExprMemo } from "#engine/exec/expr-host";
import type { SharedOutputs } from "#engine/exec/shared-outputs";

/** Facts about the start of zr that expressions may ask for. */
export interface ConditionFacts {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly os: string;
  readonly arch: string;
  readonly isTerminal: boolean;
  /** Why `shell()` may not run; undefined where it may. */
  readonly shellRefusal?: string;
  /** What is compared with what, for `affected`, `file.changed` and `git.base`. */
  readonly changes?: Pick<ExprHostOptions, "base" | "defaultBranch" | "affected">;
}

/** Checks and decides the conditions of one run by the expression language. Loaded only where there is a condition. */
export class RunConditions implements Conditions {
  readonly #facts: ConditionFacts;
  readonly #memo: ExprMemo = createExprMemo();
  readonly #finished = new Map<string, FinishedFacts>();
  readonly #upstream = new WeakMap<Plan, Upstream<Instance>>();
  readonly #planned = new WeakMap<Instance, Upstream<Instance>>();

  constructor(facts: ConditionFacts) {
    this.#facts = facts;
  }

  /** What is wrong with a condition of a dependency, before anything is asked. */
  checkOpen({ condition, scope }: OpenCondition): readonly Diagnostic[] {
    const check: CheckScope = {
      site: "task",
      // A dependency is decided on before anything has run.
      upstream: NOTHING_BEFORE,
      matrix: keyTypes(scope.matrix),
      args: keyTypes(scope.args),
      vars: keyTypes(scope.vars),
    };
    return checkCondition(condition.source, check).map((problem) =>
      problemDiagnostic(problem, condition.place),
    );
  }

  /** The conditions that decide which dependencies a plan has. */
  async answer(
    open: readonly OpenCondition[],
  ): Promise<Result<ReadonlyMap<string, boolean>, readonly Diagnostic[]>> {
    const answers = new Map<string, boolean>();
    const problems: Diagnostic[] = [];
    for (const asked of open) {
      const { key, condition, scope } = asked;
      const wrong = this.checkOpen(asked);
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

  /**
   * What is wrong with the conditions of a plan's instances, before anything runs. With `asHandlers` those that are
   * asked for are judged as the handlers that they are elsewhere.
   */
  check(plan: Plan, { asHandlers = false } = {}): readonly Diagnostic[] {
    const problems: Diagnostic[] = [];
    const upstream = this.#upstreamOf(plan);
    const tasks = new Set(
      plan.instances.flatMap((instance) => [instance.name, String(instance.task), String(instance.id)]),
    );
    for (const instance of plan.instances) {
      const isHandler =
        handledBy(instance).length > 0 || (asHandlers && plan.requested.includes(instance.id));
      const sources = conditionsOf(instance, isHandler ? "handler" : "task");
      if (sources.length === 0) continue;
      this.#planned.set(instance, upstream);
      const scope: Omit<CheckScope, "site"> = {
        matrix: keyTypes(instance.matrix),
        args: keyTypes(instance.typed?.args ?? instance.params),
        vars: keyTypes(plan.packages[instance.environment]?.vars ?? {}),
        upstream: upstream.names(instance.id),
        sharing: (name) => upstream.find(instance.id, name).map((other) => other.shareOutput !== undefined),
        tasks,
        ...(this.#facts.shellRefusal === undefined ? {} : { shellRefusal: this.#facts.shellRefusal }),
      };
      for (const { site, source, place } of sources)
        problems.push(
          ...checkCondition(source, { ...scope, site }).map((problem) => problemDiagnostic(problem, place)),
        );
    }
    return uniqueDiagnostics(problems);
  }

  async decide({
    condition,
    instance,
    plan,
    package: pkg,
    env,
    attempt,
    exitCode,
    outputs,
  }: ConditionInput): Promise<Verdict> {
    const scope: ExprScope = {
      matrix: instance.typed?.matrix ?? instance.matrix,
      args: instance.typed?.args ?? instance.params,
      vars: pkg.vars,
      package: pkg,
      workspace: { root: this.#facts.root },
      task: { name: instance.name, tags: instance.tags },
      ...(condition === instance.outputIf
        ? { attempt, allowFailure: instance.allowFailure, ...(exitCode === undefined ? {} : { exitCode }) }
        : this.#endHandledBy(instance)),
    };
    const find = (name: string): readonly InstanceId[] => this.#find({ plan, instance, name });
    const results: Results = {
      finished: (name) => this.#ended(find(name)),
      output: (name) => sharedBy(find(name), outputs),
    };
    return this.evaluate(condition.source, { scope, packageDir: instance.environment, env, results });
  }

  /** Whether an expression holds, wherever it stands. Without an environment of its own it sees the one of zr's start. */
  async evaluate(
    source: string,
    { scope, packageDir, env = this.#facts.env, results }: EvaluateAt,
  ): Promise<Verdict> {
    const expr = parseExpression(source);
    const verdict = expr.ok
      ? await evaluateCondition(expr.value, scope, this.#host(packageDir, env, results))
      : expr;
    if (verdict.ok) return { kind: "holds", value: verdict.value };
    return { kind: "error", message: messageText(exprDiagnosticCodes, verdict.error) };
  }

  /** How instances have ended, as one: the worst of them, the longest. Null where one has not ended. */
  endOf(ids: readonly InstanceId[]): FinishedFacts | null {
    const ended = ids.map((id) => this.#finished.get(id)).filter((facts) => facts !== undefined);
    return ended.length === ids.length ? together(ended) : null;
  }

  /** What a handler may ask of the end that it handles: of several tasks that of all together. */
  #endHandledBy(instance: Instance): Pick<ExprScope, "exitCode" | "attempt" | "allowFailure"> {
    const facts = this.#ended(handledBy(instance));
    if (facts === null) return {};
    const { exitCode = null, attempts = 0, allowFailure = false } = facts;
    return { exitCode, attempt: attempts, allowFailure };
  }

  finished(...[id, { state }, facts]: Parameters<Conditions["finished"]>): void {
    this.#finished.set(id, {
      success: isGood(state) && state !== "skipped",
      failed: state === "failed" || state === "timed_out",
      skipped: state === "skipped",
      cached: state === "cached",
      ...facts,
    });
  }

  async git(field: GitField): Promise<Result<string | boolean | null, string>> {
    const { root, env } = this.#facts;
    const answer = await this.#host(root, env).git(field);
    return answer.ok ? answer : { ok: false, error: answer.error.reason };
  }

  #upstreamOf(plan: Plan): Upstream<Instance> {
    let upstream = this.#upstream.get(plan);
    if (upstream === undefined) this.#upstream.set(plan, (upstream = new Upstream(plan.instances)));
    return upstream;
  }

  /** The instances that one means by a name; one that ended before its plan began is known by its id. */
  #find({ plan, instance, name }: NamedBy): InstanceId[] {
    // What is run may be a part of what was planned.
    const upstream = this.#planned.get(instance) ?? this.#upstreamOf(plan);
    const found = upstream.find(instance.id, name);
    return found.length === 0 ? [instanceId(name)] : found.map((other) => other.id);
  }

  /** How instances have ended, as one: null while one of them has not. */
  #ended(ids: readonly InstanceId[]): FinishedFacts | null {
    const ended = ids.map((id) => this.#finished.get(id)).filter((facts) => facts !== undefined);
    return ended.length === ids.length ? together(ended) : null;
  }

  #host(
    packageDir: string,
    env: Readonly<Record<string, string | undefined>>,
    results: Results = NO_RESULTS,
  ): ExprHost {
    const { root, os, arch, isTerminal, shellRefusal, changes } = this.#facts;
    return createExprHost({
      ...changes,
      startEnv: this.#facts.env,
      root,
      packageDir,
      env,
      platform: os,
      arch,
      tty: isTerminal,
      ci: isSet(this.#facts.env["CI"]),
      shellRefusal: shellRefusal ?? null,
      memo: this.#memo,
      finished: (group, name) =>
        group === "tasks" ? results.finished(name) : (results.stage?.(name) ?? null),
      output: results.output,
    });
  }
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

const keyTypes = (
  values: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, (typeof types)["dynamic"]> =>
  new Map(Object.keys(values).map((key) => [key, types.dynamic]));

/** Where an expression stands and what it may speak of. */
export interface EvaluateAt {
  readonly scope: ExprScope;
  readonly packageDir: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly results: Results;
}

/** A name as an instance uses it. */
interface NamedBy {
  readonly plan: Plan;
  readonly instance: Instance;
  readonly name: string;
}

/** What an expression may learn of what went before. */
export interface Results {
  readonly finished: (name: string) => FinishedFacts | null;
  /** Of a workflow. */
  readonly stage?: (name: string) => FinishedFacts | null;
  readonly output: (name: string) => unknown;
}

const NO_RESULTS: Results = { finished: () => null, output: () => undefined };

const NOTHING_BEFORE: ReadonlySet<string> = new Set();

/** What one instance has shared; of several none is meant. */
function sharedBy(ids: readonly InstanceId[], outputs: SharedOutputs): unknown {
  const [only, ...others] = ids;
  return only === undefined || others.length > 0 ? undefined : outputs.of(only)?.value;
}

/** Several instances as one: good only where each is, as long as the longest. */
function together(facts: readonly FinishedFacts[]): FinishedFacts | null {
  const [first, ...others] = facts;
  if (first === undefined || others.length === 0) return first ?? null;
  return {
    success: facts.every((one) => one.success),
    failed: facts.some((one) => one.failed),
    skipped: facts.every((one) => one.skipped),
    cached: facts.every((one) => one.cached === true),
    durationMs: Math.max(...facts.map((one) => one.durationMs)),
    exitCode: facts.find((one) => one.failed)?.exitCode ?? first.exitCode ?? null,
    attempts: Math.max(...facts.map((one) => one.attempts ?? 0)),
    allowFailure: facts.every((one) => one.allowFailure === true),
  };
}

interface Condition extends ConditionSource {
  readonly site: ExprSite;
}

/** The instances whose end an instance handles. */
const handledBy = ({ edges }: Instance): readonly InstanceId[] =>
  edges.filter(({ kind }) => isHandlerEdge(kind)).map(({ on }) => on);

const conditionsOf = (instance: Instance, before: "task" | "handler"): Condition[] => [
  ...[instance.condition, instance.skipIf, instance.confirmIf]
    .filter((condition) => condition !== undefined)
    .map((condition) => ({ ...condition, site: before })),
  ...(instance.outputIf === undefined ? [] : [{ ...instance.outputIf, site: "result" as const }]),
  ...instance.preconditions.map((condition) => ({ ...condition, site: before })),
  ...instance.steps.flatMap(({ condition }) =>
    condition === undefined ? [] : [{ ...condition, site: before }],
  ),
];
