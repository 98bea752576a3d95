import type { InstanceId } from "#core/model/ids";
import type { StopReason } from "#core/model/outcome";
import type { PlanLoop } from "./plan-loop";

/** What is asked of a run while it goes on: kept, and passed on to the loop that goes on at the moment. */
export class LoopControl {
  /** There while instances run. */
  loop: PlanLoop | undefined;
  /** The first signal that came. */
  interrupted: string | undefined;
  /** Whether a second one came, so that everything was to be killed. */
  isAborted = false;
  isTimedOut = false;
  /** Whether what goes on cleans up: that is let run, only a second signal stops it. */
  isEnding = false;
  /** Whether all work is done: what is left is to wait for others, and the first signal ends that. */
  isDone = false;
  readonly #over = Promise.withResolvers<void>();
  readonly #onStop: () => void;

  /** @param onStop called when the run is told to stop, before its loop is. */
  constructor(onStop: () => void = () => {}) {
    this.#onStop = onStop;
  }

  /** Settled once nothing more is to be waited for. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  restart(ids: Iterable<InstanceId>): void {
    this.loop?.stop(ids, { kind: "restart" });
  }

  stop(ids: Iterable<InstanceId>): void {
    this.loop?.stop(ids, { kind: "asked" });
  }

  pause(ids: Iterable<InstanceId>, isPaused: boolean): void {
    this.loop?.pause(ids, isPaused);
  }

  interrupt(signal: string): void {
    const { loop } = this;
    if (this.isDone) return this.#over.resolve();
    // A terminal's Ctrl-C goes to whoever has the terminal: an interactive task decides for itself what it means.
    if (signal === "SIGINT" && loop?.hasTerminal() === true) return;
    const reason: StopReason = { kind: "interrupt", signal };
    if (this.interrupted !== undefined) {
      this.isAborted = true;
      this.#over.resolve();
      return loop?.abort(reason);
    }
    this.interrupted = signal;
    this.#onStop();
    if (!this.isEnding) loop?.cancel(reason);
  }

  /** The time of the whole run is up. */
  timeOut(): void {
    this.isTimedOut = true;
    this.#onStop();
    this.loop?.cancel({ kind: "run-timeout" });
  }

  /** Why the run has been stopped; undefined where it has not. */
  stopped(): StopReason | undefined {
    if (this.interrupted !== undefined) return { kind: "interrupt", signal: this.interrupted };
    return this.isTimedOut ? { kind: "run-timeout" } : undefined;
  }
}
