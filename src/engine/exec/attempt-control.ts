import type { Failure, Outcome, StopReason } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import { signalGroup } from "#system/process/signal";
import type { Child } from "#system/process/spawn";
import type { RunContext } from "./run-context";
import { killTree, stopSequence } from "./stop-sequence";

/** What an attempt was asked from outside, by its time limit among others, and the child that has to hear it. */
export class AttemptControl {
  readonly #instance: Instance;
  readonly #context: Pick<RunContext, "id" | "os">;
  #child: Child | undefined;
  #hadChild = false;
  #stopReason: StopReason | undefined;
  #isKilled = false;
  #timedOut: Failure | undefined;
  #isPaused = false;
  #heardStop: (() => void) | undefined;

  constructor(instance: Instance, context: Pick<RunContext, "id" | "os">) {
    this.#instance = instance;
    this.#context = context;
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** How the attempt ends where it was asked to. */
  get stopped(): Outcome | undefined {
    if (this.#stopReason !== undefined) {
      if (this.#stopReason.kind !== "not-called") return { state: "canceled", reason: this.#stopReason };
      // A server that nobody needs any more has done its work, if it ever came to that.
      return this.#hadChild ? { state: "success" } : { state: "skipped", reason: this.#stopReason };
    }
    return this.#timedOut === undefined ? undefined : { state: "timed_out", failure: this.#timedOut };
  }

  /** The child that runs from now on; undefined between two commands. */
  attach(child: Child | undefined): void {
    this.#child = child;
    this.#hadChild ||= child !== undefined;
  }

  /** The same for a child that has not heard yet what was asked while there was none. */
  attachNew(child: Child): void {
    this.#child = child;
    this.#hadChild = true;
    if (this.#isPaused) signalGroup(child.pid, "SIGSTOP");
    // A stop that came while the child was being made is meant for it too.
    if (this.#stopReason !== undefined || this.#timedOut !== undefined) this.#stopChild();
  }

  /** What some work before the first command gives; undefined as soon as the attempt is asked to stop. */
  unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    if (this.#stopReason !== undefined) return Promise.resolve(undefined);
    const stop = new Promise<undefined>((resolve) => {
      this.#heardStop = () => resolve(undefined);
    });
    return Promise.race([work, stop]);
  }

  stop(reason: StopReason): void {
    this.#stopReason ??= reason;
    this.#heardStop?.();
    // Who is held hears no signal but the last one.
    this.pause(false);
    this.#stopChild();
  }

  kill(reason: StopReason): void {
    this.#stopReason ??= reason;
    this.#heardStop?.();
    this.#isKilled = true;
    if (this.#child !== undefined) void killTree(this.#stopTarget(this.#child));
  }

  /** The time for its commands is over, or that for becoming ready, which says what was missing. */
  timeOut(failure: Failure = { kind: "timeout", limitMs: this.#instance.timeoutMs ?? 0 }): void {
    this.#timedOut ??= failure;
    this.pause(false);
    this.#stopChild();
  }

  /** Holds its processes where they are, or lets them go on; one that runs elsewhere or has the terminal is not held. */
  pause(isPaused: boolean): void {
    const { interactive, remote } = this.#instance;
    const isHoldable = !interactive && remote === undefined;
    // Windows has no way to hold a process.
    if (isPaused === this.#isPaused || !isHoldable || this.#context.os === "windows") return;
    this.#isPaused = isPaused;
    if (this.#child !== undefined) signalGroup(this.#child.pid, isPaused ? "SIGSTOP" : "SIGCONT");
  }

  #stopChild(): void {
    if (this.#child !== undefined) void stopSequence(this.#stopTarget(this.#child));
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
      ...(child.deliver === undefined ? {} : { deliver: child.deliver }),
      ...(child.killScope === undefined ? {} : { killScope: child.killScope }),
    };
  }
}
