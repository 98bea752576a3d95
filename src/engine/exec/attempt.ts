import type { Failure, Outcome, StopReason } from "#core/model/outcome";
import type { Instance, RemoteHost, Step } from "#core/model/plan";
import type { SandboxRule } from "#core/model/sandbox";
import { runsOn } from "#core/plan/runs-on";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { monotonicMs } from "#system/clock/clock";
import type { Child } from "#system/process/spawn";
import { AttemptControl } from "./attempt-control";
import { holds, outcomeBefore, outcomeWithoutCommand, withoutSecrets } from "./before-attempt";
import type { AttemptSoFar } from "./before-attempt";
import type { CachedAttempt } from "./cached-attempt";
import { childFailure } from "./child-failure";
import type { ChildEnd } from "./child-run";
import { commandOf, shellCommand } from "./command";
import type { Command } from "./command";
import type { LateVariables } from "./late-values";
import { OutputCapture } from "./output-capture";
import { addTaken, runMeasured } from "./measured-child";
import { OutputTail } from "./output-tail";
import type { RemoteAttempt } from "./remote-attempt";
import type { AttemptFacts } from "./retry";
import type { RunContext } from "./run-context";
import type { ResourcesTaken } from "./resource-types";
import type { Sandbox } from "./sandbox";

export interface AttemptResult {
  readonly outcome: Outcome;
  readonly facts: AttemptFacts;
  /** From the first command's start; 0 where none was started. */
  readonly durationMs: number;
  readonly cpuMs: number;
  readonly taken: ResourcesTaken;
  readonly isStarted: boolean;
}

export interface AttemptHooks {
  /** Runs the instances of a call; settled with whether they ended well. */
  readonly call: (call: number) => Promise<boolean>;
  /** What a call waits for is to end. */
  readonly giveUp: () => void;
  readonly started: (pid: number) => void;
  readonly ready: () => void;
}

/** Which attempt, counted from 1, at which instance. */
export interface AttemptOf {
  readonly instance: Instance;
  readonly number: number;
}

/** The exit code of an ssh that has no connection, for retries that go by codes. */
const SSH_FAILED = 255;

/** One attempt at an instance: everything between "start it" and "it is over". */
export class Attempt {
  readonly #instance: Instance;
  readonly #number: number;
  readonly #context: RunContext;
  readonly #hooks: AttemptHooks;
  readonly #control: AttemptControl;
  readonly #tail: OutputTail | undefined;
  /** Its stdout, where it shares that. */
  readonly #capture: OutputCapture | undefined;
  /** There where its result is cached. */
  #cached: CachedAttempt | undefined;
  #env: Readonly<Record<string, string>> = {};
  /** Worked out when there is something to mask, beside the running command. */
  #secrets: () => SecretAutomaton | undefined = () => undefined;
  #secretTexts: () => readonly string[] = () => [];
  /** There where its commands run on another machine. */
  #remote: RemoteAttempt | undefined;
  /** There where its commands find only what it declares. */
  #sandbox: Sandbox | undefined;
  #startedAt: number | undefined;
  /** Of its own commands, where others have run after them. */
  #ownMs: number | undefined;
  /** Whether the run has been told that it has started. */
  #isAnnounced = false;
  #cpuMs = 0;
  #taken: ResourcesTaken = {};
  #lastExit: number | undefined;
  /** Ends the look-outs for readiness; there where something is looked out for. */
  #over: AbortController | undefined;

  constructor({ instance, number }: AttemptOf, context: RunContext, hooks: AttemptHooks) {
    this.#instance = instance;
    this.#number = number;
    this.#context = context;
    this.#hooks = hooks;
    this.#control = new AttemptControl(instance, context);
    const patterns = [
      ...(instance.retry?.onOutput ?? []),
      ...(instance.ready?.log === undefined ? [] : [instance.ready.log]),
    ];
    if (patterns.length > 0) this.#tail = new OutputTail();
    if (instance.shareOutput !== undefined) this.#capture = new OutputCapture();
  }

  async run(): Promise<AttemptResult> {
    const outcome =
      outcomeWithoutCommand(this.#instance, this.#context) ??
      (await this.#before()) ??
      (await this.#runHooked());
    this.#over?.abort();
    const facts: AttemptFacts = {
      ...(this.#lastExit === undefined ? {} : { exitCode: this.#lastExit }),
      ...(this.#tail === undefined
        ? {}
        : { outputMatched: this.#tail.matches(this.#instance.retry?.onOutput ?? []) }),
    };
    const durationMs = this.#ownMs ?? this.#elapsedMs();
    return {
      outcome,
      facts,
      durationMs,
      cpuMs: this.#cpuMs,
      taken: this.#taken,
      isStarted: this.#isAnnounced || this.#startedAt !== undefined,
    };
  }

  /** Asks it to stop; `run` ends once it has. */
  stop(reason: StopReason): void {
    this.#control.stop(reason);
  }

  pause(isPaused: boolean): void {
    this.#control.pause(isPaused);
  }

  kill(reason: StopReason): void {
    this.#control.kill(reason);
  }

  /** Everything that can decide the outcome before a command is started. */
  async #before(): Promise<Outcome | undefined> {
    const instance = this.#instance;
    const { environments } = this.#context;
    const late =
      instance.late === undefined
        ? undefined
        : await (await import("./late-values")).lateVariables(instance.late, this.#context);
    const made = await this.#control.unlessStopped(
      late === undefined ? environments.of(instance) : environments.withValues(instance, late.values),
    );
    if (made === undefined) return this.#control.stopped;
    if (!made.ok) {
      const { environmentProblem } = await import("./environment-problem");
      const message = environmentProblem(made.diagnostics);
      return { state: "failed", failure: { kind: "environment", message } };
    }
    this.#useEnvironment(made.env, late);
    const unsendable =
      instance.remote === undefined ? undefined : await this.#goRemote(instance.remote, made.env);
    if (unsendable !== undefined) return { state: "failed", failure: unsendable };
    const missing: Outcome | undefined =
      late?.problem === undefined
        ? undefined
        : {
            state: "failed",
            failure: { kind: "output", message: withoutSecrets(late.problem, this.#soFar()) },
          };
    const decided = await outcomeBefore(this.#soFar(), {
      checkStatus: async () => missing ?? (await this.#askCache(made.env)) ?? this.#checkStatus(),
      ask: (question) => this.#ask(question),
    });
    if (instance.interactive && decided === undefined) await this.#context.hub.shown();
    return decided ?? missing;
  }

  async #ask(question: string): Promise<Outcome | boolean | undefined> {
    const over = new AbortController();
    const asking = this.#context.confirm(question, over.signal).then((answer) => ({ answer }));
    const said = await this.#control.unlessStopped(asking);
    if (said !== undefined) return said.answer;
    over.abort();
    return this.#control.stopped;
  }

  async #askCache(env: ResolvedEnvironment): Promise<Outcome | undefined> {
    const { cache } = this.#context;
    if (cache === undefined || this.#instance.cache === undefined) return undefined;
    const { CachedAttempt: Made } = await import("./cached-attempt");
    const cached = new Made(this.#soFar(), cache);
    const found = await cached.before(env);
    // What an interrupt has stopped meanwhile is not told as done.
    const outcome = found === undefined ? undefined : (this.#control.stopped ?? found);
    this.#cached = outcome === undefined ? cached : undefined;
    return outcome;
  }

  #useEnvironment(
    env: Pick<ResolvedEnvironment, "values" | "secretValues">,
    late: LateVariables | undefined,
  ): void {
    const { childEnvironment, secretsOf } = this.#context;
    let texts: readonly string[] | undefined;
    this.#secretTexts = () =>
      (texts ??= late === undefined ? env.secretValues() : [...env.secretValues(), ...late.secrets]);
    this.#secrets = () => secretsOf(this.#secretTexts());
    const values = late === undefined ? env.values : { ...env.values, ...late.values };
    this.#env = childEnvironment.of(this.#instance, values, this.#number);
  }

  async #goRemote(remote: RemoteHost, env: ResolvedEnvironment): Promise<Failure | undefined> {
    const { RemoteAttempt: Remote } = await import("./remote-attempt");
    const { system } = this.#context.environments;
    const made = Remote.of({ instance: this.#instance, remote, env, local: this.#env, system });
    if (!made.ok) return made.error;
    this.#remote = made.value;
    return undefined;
  }

  /** What is done with the results of its commands. */
  async #after(outcome: Outcome): Promise<Outcome> {
    const { shareOutput, outputIf, artifacts } = this.#instance;
    if ((shareOutput ?? outputIf ?? artifacts) === undefined) return outcome;
    const { afterAttempt } = await import("./after-attempt");
    return afterAttempt(this.#soFar(), { outcome, capture: this.#capture });
  }

  #soFar(): AttemptSoFar {
    return {
      instance: this.#instance,
      context: this.#context,
      env: this.#env,
      number: this.#number,
      secretTexts: this.#secretTexts,
      ...(this.#lastExit === undefined ? {} : { exitCode: this.#lastExit }),
    };
  }

  async #checkStatus(): Promise<Outcome | undefined> {
    const { status, shell } = this.#instance;
    if (status.length === 0) return undefined;
    for (const text of status) {
      const command = this.#remote?.shellCommand(text) ?? shellCommand(text, shell, []);
      const end = await this.#runCommand(command, { isShown: false, isFirst: true });
      this.#startedAt = undefined;
      if (end.kind !== "exit" || end.status.code !== 0) return this.#control.stopped;
    }
    return { state: "cached", reason: { kind: "status" } };
  }

  #elapsedMs(): number {
    return this.#startedAt === undefined ? 0 : monotonicMs() - this.#startedAt;
  }

  /** The task itself, between what `[hooks]` runs around each task. */
  async #runHooked(): Promise<Outcome> {
    const hooks = this.#context.taskHooks?.get(this.#instance.environment);
    if (hooks === undefined || this.#instance.steps.length === 0) return this.#runTask();
    const { runWithHooks } = await import("./task-hooks");
    return runWithHooks(hooks, {
      instance: this.#instance,
      number: this.#number,
      context: this.#context,
      secretTexts: this.#secretTexts,
      run: async () => {
        const outcome = await this.#runTask();
        this.#ownMs = this.#elapsedMs();
        return outcome;
      },
      isKilled: () => this.#control.isKilled,
      stopped: () => this.#control.stopped,
      onStart: (child) => {
        this.#control.attach(child);
        this.#announce(child);
      },
      onEnd: () => this.#control.attach(undefined),
      facts: () => ({ durationMs: this.#ownMs ?? 0, exitCode: this.#lastExit }),
    });
  }

  async #runTask(): Promise<Outcome> {
    const ended = await this.#runSteps();
    const stepsMs = this.#elapsedMs();
    const outcome = this.#startedAt === undefined ? ended : await this.#after(ended);
    await this.#cached?.after(outcome, { capture: this.#capture, durationMs: stepsMs });
    return outcome;
  }

  /** Tells the run that the attempt has started, once. */
  #announce(child: Child): void {
    if (!this.#isAnnounced) this.#hooks.started(child.pid);
    this.#isAnnounced = true;
  }

  async #runSteps(): Promise<Outcome> {
    const { timeoutMs } = this.#instance;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#timeOut(), timeoutMs);
    try {
      const { sandbox, remote } = this.#instance;
      if (sandbox !== undefined) return await this.#runSandboxed(sandbox);
      return remote?.sync === undefined ? await this.#runEach() : await this.#runSynced(remote);
    } finally {
      clearTimeout(timer);
    }
  }

  #timeOut(): void {
    this.#control.timeOut();
    this.#hooks.giveUp();
  }

  async #runEach(): Promise<Outcome> {
    for (const [index, step] of this.#instance.steps.entries()) {
      const outcome = this.#control.stopped ?? (await this.#runStep(step, index === 0));
      if (outcome !== undefined) return outcome;
    }
    return this.#control.stopped ?? { state: "success" };
  }

  async #runSandboxed(rule: SandboxRule): Promise<Outcome> {
    const { filesFor } = this.#context;
    if (filesFor === undefined) throw new Error(`nobody knows what ${this.#instance.id} may read`);
    const { runSandboxed } = await import("./sandbox");
    const of = { instance: this.#instance, rule, context: this.#context };
    return runSandboxed(of, filesFor, (sandbox) => {
      this.#sandbox = sandbox;
      return this.#runEach();
    });
  }

  async #runSynced(remote: RemoteHost): Promise<Outcome> {
    const attempt = this.#remote;
    if (attempt === undefined) throw new Error(`${this.#instance.id} has nothing to run elsewhere with`);
    const { runSynced } = await import("./remote-sync");
    const onStart = (child: Child): void => this.#control.attachNew(child);
    return runSynced(
      { instance: this.#instance, remote, attempt, context: this.#context, onStart },
      () => this.#runEach(),
      () => this.#control.stopped,
    );
  }

  /** The outcome that a step brings about, or none where the next one follows. */
  async #runStep(step: Step, isFirst: boolean): Promise<Outcome | undefined> {
    const { os, arch } = this.#context;
    if (step.platforms !== undefined && !runsOn(step.platforms, os, arch)) return undefined;
    if (step.condition !== undefined) {
      const verdict = await holds(step.condition, this.#soFar());
      if ("failed" in verdict) return verdict.failed;
      if (!verdict.value) return undefined;
    }
    if (step.kind === "call") {
      // What is called now would not hear of it any more.
      if (this.#control.stopped !== undefined) return this.#control.stopped;
      this.#startedAt ??= monotonicMs();
      const isGood = await this.#hooks.call(step.call);
      return isGood || step.allowFailure === true
        ? undefined
        : (this.#control.stopped ?? {
            state: "failed",
            failure: { kind: "call", of: this.#instance.calls[step.call] ?? [] },
          });
    }
    const made =
      this.#remote?.command(step) ??
      commandOf(step, this.#instance, { env: this.#env, folder: this.#context.folder });
    const plain = made instanceof Promise ? await made : made;
    const end = await this.#runCommand(this.#wrapped(plain), { isShown: true, isFirst });
    const stopped = this.#control.stopped;
    if (stopped !== undefined) return stopped;
    const failure = childFailure(end, (text) => withoutSecrets(text, this.#soFar()));
    return failure === undefined || step.allowFailure === true ? undefined : { state: "failed", failure };
  }

  /** What to start in place of a command, for its sandbox and for who watches it. */
  #wrapped(command: Command): Command {
    const own = this.#sandbox?.command(command, this.#env) ?? command;
    return this.#context.trace?.(own, this.#instance, this.#env) ?? own;
  }

  async #runCommand(
    command: Command,
    { isShown, isFirst }: { readonly isShown: boolean; readonly isFirst: boolean },
  ): Promise<ChildEnd> {
    const instance = this.#instance;
    const end = await runMeasured(
      command,
      {
        instance,
        env: this.#env,
        secrets: this.#secrets,
        isShown,
        isFirst,
        ...(this.#tail === undefined && (this.#cached === undefined || !isShown)
          ? {}
          : {
              tap: (bytes: Uint8Array, stream: "stdout" | "stderr"): void => {
                this.#tail?.push(bytes);
                if (isShown) this.#cached?.push(bytes, stream);
              },
            }),
        ...(this.#capture === undefined || !isShown
          ? {}
          : { capture: (bytes: Uint8Array): void => this.#capture?.push(bytes) }),
        onStart: (child, atMs) => this.#started(child, { isShown, atMs }),
      },
      this.#context,
    );
    this.#control.attach(undefined);
    this.#taken = addTaken(this.#taken, end.taken);
    if (end.kind === "exit") {
      this.#cpuMs += end.status.cpuMs;
      this.#lastExit = end.status.code ?? undefined;
    } else if (end.failure.kind === "unreachable") this.#lastExit = SSH_FAILED;
    return end;
  }

  #started(child: Child, { isShown, atMs }: { readonly isShown: boolean; readonly atMs: number }): void {
    const isFirst = this.#startedAt === undefined;
    this.#startedAt ??= atMs;
    if (isFirst && isShown) {
      this.#announce(child);
      if (this.#instance.ready !== undefined) void this.#probe();
      else if (this.#instance.persistent) this.#hooks.ready();
    }
    this.#control.attachNew(child);
  }

  async #probe(): Promise<void> {
    const { ready, shell, cwd } = this.#instance;
    if (ready === undefined) return;
    const over = new AbortController();
    this.#over = over;
    const { waitUntilReady } = await import("./ready");
    const tail = this.#tail;
    const missing = await waitUntilReady(ready, {
      shell,
      cwd,
      env: this.#env,
      matchesOutput: (pattern) => tail?.matches([pattern]) ?? false,
      stop: over.signal,
    });
    if (over.signal.aborted) return;
    if (missing === undefined) this.#hooks.ready();
    else this.#control.timeOut({ kind: "not-ready", message: missing });
  }
}
