import type { Failure, Outcome, StopReason } from "#core/model/outcome";
import type { Instance, Step } from "#core/model/plan";
import { runsOn } from "#core/plan/build-instance";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { monotonicMs } from "#system/clock/clock";
import type { Child } from "#system/process/spawn";
import { runChild } from "./child-run";
import type { ChildEnd } from "./child-run";
import { commandOf, shellCommand } from "./command";
import type { Command } from "./command";
import { OutputTail } from "./output-tail";
import type { AttemptFacts } from "./retry";
import type { RunContext } from "./run-context";
import { killTree, stopSequence } from "./stop-sequence";

export interface AttemptResult {
  readonly outcome: Outcome;
  readonly facts: AttemptFacts;
  /** From the first command's start; 0 where none was started. */
  readonly durationMs: number;
  readonly cpuMs: number;
  readonly isStarted: boolean;
}

export interface AttemptHooks {
  /** Runs the instances of a call; settled with whether they ended well. */
  readonly call: (call: number) => Promise<boolean>;
  readonly started: (pid: number) => void;
  readonly ready: () => void;
}

/** Which attempt, counted from 1, at which instance. */
export interface AttemptOf {
  readonly instance: Instance;
  readonly number: number;
}

/** One attempt at an instance: everything between "start it" and "it is over". */
export class Attempt {
  readonly #instance: Instance;
  readonly #number: number;
  readonly #context: RunContext;
  readonly #hooks: AttemptHooks;
  readonly #tail: OutputTail | undefined;
  #env: Readonly<Record<string, string>> = {};
  /** Worked out when there is something to mask, beside the running command. */
  #secrets: () => SecretAutomaton | undefined = () => undefined;
  #child: Child | undefined;
  #stopReason: StopReason | undefined;
  #isTimedOut = false;
  #startedAt: number | undefined;
  #cpuMs = 0;
  #lastExit: number | undefined;
  /** Ends the look-outs for readiness; there where something is looked out for. */
  #over: AbortController | undefined;

  constructor({ instance, number }: AttemptOf, context: RunContext, hooks: AttemptHooks) {
    this.#instance = instance;
    this.#number = number;
    this.#context = context;
    this.#hooks = hooks;
    const patterns = [
      ...(instance.retry?.onOutput ?? []),
      ...(instance.ready?.log === undefined ? [] : [instance.ready.log]),
    ];
    if (patterns.length > 0) this.#tail = new OutputTail();
  }

  async run(): Promise<AttemptResult> {
    const outcome = this.#withoutCommand() ?? (await this.#before()) ?? (await this.#runSteps());
    this.#over?.abort();
    const facts: AttemptFacts = {
      ...(this.#lastExit === undefined ? {} : { exitCode: this.#lastExit }),
      ...(this.#tail === undefined
        ? {}
        : { outputMatched: this.#tail.matches(this.#instance.retry?.onOutput ?? []) }),
    };
    const durationMs = this.#startedAt === undefined ? 0 : monotonicMs() - this.#startedAt;
    return { outcome, facts, durationMs, cpuMs: this.#cpuMs, isStarted: this.#startedAt !== undefined };
  }

  /** Asks it to stop; `run` ends once it has. */
  stop(reason: StopReason): void {
    this.#stopReason ??= reason;
    const child = this.#child;
    if (child !== undefined) void stopSequence(this.#stopTarget(child));
  }

  kill(reason: StopReason): void {
    this.#stopReason ??= reason;
    if (this.#child !== undefined) void killTree(this.#stopTarget(this.#child));
  }

  #stopTarget(child: Child): Parameters<typeof stopSequence>[0] {
    const { id, stopSignal, graceMs, interactive } = this.#instance;
    return {
      pid: child.pid,
      run: this.#context.id,
      instance: id,
      signal: stopSignal,
      graceMs,
      ended: child.exited,
      ownGroup: !interactive,
    };
  }

  /** The outcome where it needs no command at all. */
  #withoutCommand(): Outcome | undefined {
    const instance = this.#instance;
    const { os, arch } = this.#context;
    if (instance.platforms.length > 0 && !runsOn(instance.platforms, os, arch)) {
      return { state: "skipped", reason: { kind: "platform", platforms: instance.platforms } };
    }
    if (
      instance.steps.length === 0 &&
      instance.condition === undefined &&
      instance.preconditions.length === 0 &&
      instance.status.length === 0
    ) {
      return { state: "success" };
    }
    return undefined;
  }

  /** Everything that can decide the outcome before a command is started. */
  async #before(): Promise<Outcome | undefined> {
    const { condition, preconditions, status, confirm } = this.#instance;
    const made = await this.#context.environments.of(this.#instance);
    if (!made.ok) {
      const { environmentProblem } = await import("./environment-problem");
      const message = environmentProblem(made.diagnostics);
      return { state: "failed", failure: { kind: "environment", message } };
    }
    this.#useEnvironment(made.env);
    const isPlain =
      condition === undefined && preconditions.length === 0 && status.length === 0 && confirm === undefined;
    if (isPlain) return undefined;
    return (await this.#checkConditions()) ?? (await this.#checkStatus()) ?? (await this.#askFirst());
  }

  #useEnvironment(env: Pick<ResolvedEnvironment, "values" | "secretValues">): void {
    const { childEnvironment, secretsOf } = this.#context;
    let texts: readonly string[] | undefined;
    this.#secrets = () => secretsOf((texts ??= env.secretValues()));
    this.#env = childEnvironment.of(this.#instance, env.values, this.#number);
  }

  async #checkConditions(): Promise<Outcome | undefined> {
    const { condition, preconditions } = this.#instance;
    if (condition !== undefined) {
      const verdict = await this.#decide(condition);
      if (verdict.kind === "error")
        return { state: "failed", failure: { kind: "expression", message: verdict.message } };
      if (!verdict.value)
        return { state: "skipped", reason: { kind: "condition", source: condition.source } };
    }
    for (const precondition of preconditions) {
      const verdict = await this.#decide(precondition);
      if (verdict.kind === "error")
        return { state: "failed", failure: { kind: "expression", message: verdict.message } };
      if (!verdict.value)
        return {
          state: "failed",
          failure: { kind: "precondition", message: precondition.message ?? precondition.source },
        };
    }
    return undefined;
  }

  #decide(condition: NonNullable<Instance["condition"]>): ReturnType<RunContext["conditions"]["decide"]> {
    const instance = this.#instance;
    const pkg = this.#context.plan.packages[instance.environment];
    if (pkg === undefined) throw new Error(`the package of ${instance.id} is not in the plan`);
    const exit = this.#lastExit === undefined ? {} : { exitCode: this.#lastExit };
    return this.#context.conditions.decide({
      condition,
      instance,
      package: pkg,
      env: this.#env,
      attempt: this.#number,
      ...exit,
    });
  }

  async #checkStatus(): Promise<Outcome | undefined> {
    const { status, shell } = this.#instance;
    if (status.length === 0) return undefined;
    for (const text of status) {
      const end = await this.#runCommand(shellCommand(text, shell, []), { isShown: false, isFirst: true });
      this.#startedAt = undefined;
      if (end.kind !== "exit" || end.status.code !== 0) return this.#stopped();
    }
    return { state: "cached", reason: { kind: "status" } };
  }

  async #askFirst(): Promise<Outcome | undefined> {
    const { confirm } = this.#instance;
    if (confirm === undefined) return undefined;
    const answer = await this.#context.confirm(`${this.#instance.id}: ${confirm}`);
    if (answer === undefined) return { state: "failed", failure: { kind: "confirm", message: confirm } };
    return answer ? undefined : { state: "canceled", reason: { kind: "declined" } };
  }

  async #runSteps(): Promise<Outcome> {
    const { timeoutMs } = this.#instance;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#timeOut(), timeoutMs);
    try {
      for (const [index, step] of this.#instance.steps.entries()) {
        const outcome = this.#stopped() ?? (await this.#runStep(step, index === 0));
        if (outcome !== undefined) return outcome;
      }
      return this.#stopped() ?? { state: "success" };
    } finally {
      clearTimeout(timer);
    }
  }

  #timeOut(): void {
    this.#isTimedOut = true;
    if (this.#child !== undefined) void stopSequence(this.#stopTarget(this.#child));
  }

  /** How it ends where it was asked to. */
  #stopped(): Outcome | undefined {
    if (this.#stopReason !== undefined) {
      return this.#stopReason.kind === "not-called"
        ? { state: "success" }
        : { state: "canceled", reason: this.#stopReason };
    }
    return this.#isTimedOut
      ? { state: "timed_out", failure: { kind: "timeout", limitMs: this.#instance.timeoutMs ?? 0 } }
      : undefined;
  }

  /** The outcome that a step brings about, or none where the next one follows. */
  async #runStep(step: Step, isFirst: boolean): Promise<Outcome | undefined> {
    const { os, arch } = this.#context;
    if (step.platforms !== undefined && !runsOn(step.platforms, os, arch)) return undefined;
    if (step.condition !== undefined) {
      const verdict = await this.#decide(step.condition);
      if (verdict.kind === "error")
        return { state: "failed", failure: { kind: "expression", message: verdict.message } };
      if (!verdict.value) return undefined;
    }
    if (step.kind === "call") {
      this.#startedAt ??= monotonicMs();
      const isGood = await this.#hooks.call(step.call);
      return isGood || step.allowFailure === true
        ? undefined
        : (this.#stopped() ?? { state: "failed", failure: { kind: "exit", code: 1 } });
    }
    const made = commandOf(step, this.#instance, { env: this.#env, folder: this.#context.folder });
    const command = made instanceof Promise ? await made : made;
    const end = await this.#runCommand(command, { isShown: true, isFirst });
    const stopped = this.#stopped();
    if (stopped !== undefined) return stopped;
    const failure = failureOf(end);
    return failure === undefined || step.allowFailure === true ? undefined : { state: "failed", failure };
  }

  async #runCommand(
    command: Command,
    { isShown, isFirst }: { readonly isShown: boolean; readonly isFirst: boolean },
  ): Promise<ChildEnd> {
    const instance = this.#instance;
    const end = await runChild(
      command,
      {
        instance,
        env: this.#env,
        secrets: this.#secrets,
        isShown,
        isFirst,
        ...(this.#tail === undefined ? {} : { tap: (bytes: Uint8Array): void => this.#tail?.push(bytes) }),
        onStart: (child) => this.#started(child, isShown),
      },
      this.#context,
    );
    this.#child = undefined;
    if (end.kind === "exit") {
      this.#cpuMs += end.status.cpuMs;
      this.#lastExit = end.status.code ?? undefined;
    }
    return end;
  }

  #started(child: Child, isShown: boolean): void {
    this.#child = child;
    const isFirst = this.#startedAt === undefined;
    this.#startedAt ??= monotonicMs();
    if (isFirst && isShown) {
      this.#hooks.started(child.pid);
      if (this.#instance.ready !== undefined) void this.#probe();
      else if (this.#instance.persistent) this.#hooks.ready();
    }
    // A stop that came while the child was being made is meant for it too.
    if (this.#stopReason !== undefined || this.#isTimedOut) void stopSequence(this.#stopTarget(child));
  }

  async #probe(): Promise<void> {
    const { ready, shell, cwd } = this.#instance;
    if (ready === undefined) return;
    const over = new AbortController();
    this.#over = over;
    const { waitUntilReady } = await import("./ready");
    const tail = this.#tail;
    const isReady = await waitUntilReady(ready, {
      shell,
      cwd,
      env: this.#env,
      matchesOutput: (pattern) => tail?.matches([pattern]) ?? false,
      stop: over.signal,
    });
    if (isReady) this.#hooks.ready();
    else if (!over.signal.aborted) {
      this.#isTimedOut = true;
      if (this.#child !== undefined) void stopSequence(this.#stopTarget(this.#child));
    }
  }
}

function failureOf(end: ChildEnd): Failure | undefined {
  if (end.kind === "failure") return end.failure;
  const { code, signal } = end.status;
  if (signal !== null) return { kind: "signal", signal };
  return code === 0 ? undefined : { kind: "exit", code: code ?? 1 };
}
