import type { LogChunk, ResultInPlace } from "#core/model/cache";
import type { Outcome } from "#core/model/outcome";
import type { ConditionSource } from "#core/model/plan";
import { stepsOn } from "#core/plan/steps-on";
import type { CacheSession, InstanceVariables } from "#engine/cache/cache-session";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { afterAttempt } from "./after-attempt";
import { decide } from "./before-attempt";
import type { AttemptSoFar } from "./before-attempt";
import { OutputCapture } from "./output-capture";

/** So much of what a task prints is kept with its result. */
const MAX_LOG_BYTES = 8 * 1024 * 1024;

const CUT = new TextEncoder().encode("\n… the rest of this output was too long to be kept\n");

/** What the cache has to do with one attempt: a stored result instead of it, or its result for another time. */
export class CachedAttempt {
  readonly #of: AttemptSoFar;
  readonly #cache: CacheSession;
  readonly #log: LogChunk[] = [];
  #bytes = 0;

  constructor(of: AttemptSoFar, cache: CacheSession) {
    this.#of = of;
    this.#cache = cache;
  }

  /** The outcome by a stored result, which has been restored, told and shared; undefined where it has to be run. */
  async before(env: ResolvedEnvironment): Promise<Outcome | undefined> {
    const { instance, context, number, secretTexts } = this.#of;
    // What was tried and failed is tried again.
    if (number > 1) return undefined;
    const answer = await this.#cache.before(instance, {
      values: this.#of.env,
      declared: env.declaredNames,
      // Asked for only where a key has to be made.
      get secretNames() {
        return env.secretNames;
      },
      secretTexts,
      ...(await this.#verdicts()),
    });
    if (answer.kind === "hit") return this.#take(answer.result);
    if (answer.kind === "miss" && answer.why !== "")
      context.hub.emit({ type: "note", level: "info", text: `${instance.id} runs: ${answer.why}` });
    return undefined;
  }

  /** What the conditions of its commands say before the first of them is run: the others are run for another result. */
  async #verdicts(): Promise<Pick<InstanceVariables, "verdicts">> {
    const conditions = conditionsOf(this.#of);
    if (conditions.length === 0) return {};
    const verdicts: (boolean | "unknown")[] = [];
    for (const condition of conditions) {
      const verdict = await decide(condition, this.#of);
      verdicts.push(verdict.kind === "holds" ? verdict.value : "unknown");
    }
    return { verdicts };
  }

  /** A piece of what its commands print, secrets masked. */
  push(bytes: Uint8Array, stream: "stdout" | "stderr"): void {
    if (this.#bytes > MAX_LOG_BYTES) return;
    this.#bytes += bytes.length;
    this.#log.push({ stream, bytes: this.#bytes > MAX_LOG_BYTES ? CUT : bytes.slice() });
  }

  /** Stores what has succeeded. */
  async after(
    { state }: Outcome,
    { capture, durationMs }: { readonly capture: OutputCapture | undefined; readonly durationMs: number },
  ): Promise<void> {
    if (state !== "success") return;
    const isMasked = capture !== undefined && capture.text() !== captured(this.#log).text();
    await this.#cache.after(this.#of.instance, {
      log: this.#log,
      durationMs: Math.round(durationMs),
      ...(isMasked ? { unfit: "the output that it shares holds a secret" } : {}),
    });
  }

  async #take(result: ResultInPlace): Promise<Outcome> {
    const { instance } = this.#of;
    const stored: LogChunk[] = [];
    const log = result.log === undefined ? undefined : await this.#cache.log(result);
    if (log !== undefined) for await (const chunk of log) stored.push(chunk);
    await this.#show(stored, result.key);
    const { artifacts: _kept, ...rest } = instance;
    const capture = instance.shareOutput === undefined ? undefined : captured(stored);
    const shared = await afterAttempt(
      { ...this.#of, instance: rest },
      { outcome: { state: "success" }, capture },
    );
    if (shared.state !== "success") return shared;
    return { state: "cached", reason: { kind: "cache", key: result.key, savedMs: result.durationMs } };
  }

  async #show(stored: readonly LogChunk[], key: string): Promise<void> {
    const { instance, context } = this.#of;
    const { id } = instance;
    switch (instance.cache?.log) {
      case "none":
        return;
      case "hash": {
        const bytes = new TextEncoder().encode(`cached under ${key}\n`);
        await context.hub.output({ id, stream: "stderr", bytes });
        return context.hub.endOutput({ id, stream: "stderr" });
      }
      default:
        if (stored.length === 0) return;
        for (const chunk of stored) await context.hub.output({ id, ...chunk });
        for (const stream of ["stdout", "stderr"] as const) context.hub.endOutput({ id, stream });
    }
  }
}

/** Of the commands that an instance has on this machine, as far as they have any. */
const conditionsOf = ({ instance, context }: AttemptSoFar): readonly ConditionSource[] =>
  stepsOn(instance.steps, context).flatMap(({ condition }) => condition ?? []);

/** Stdout of a log, as a task's own is captured. */
function captured(log: readonly LogChunk[]): OutputCapture {
  const capture = new OutputCapture();
  for (const { stream, bytes } of log) if (stream === "stdout") capture.push(bytes);
  return capture;
}
