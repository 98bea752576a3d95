import type { RetryPolicy } from "#core/model/plan";

/** What a retry policy may look at after a failed attempt. */
export interface AttemptFacts {
  readonly exitCode?: number;
  /** Whether the output matched one of the policy's patterns; undefined where it has none. */
  readonly outputMatched?: boolean;
}

/** Milliseconds until the next attempt, or undefined where there is to be none. `attempt` counts from 1. */
export function retryDelay(
  policy: RetryPolicy,
  {
    attempt,
    facts,
    random,
  }: { readonly attempt: number; readonly facts: AttemptFacts; readonly random: number },
): number | undefined {
  if (attempt > policy.max) return undefined;
  if (policy.onExit.length > 0 && (facts.exitCode === undefined || !policy.onExit.includes(facts.exitCode)))
    return undefined;
  if (policy.onOutput.length > 0 && facts.outputMatched !== true) return undefined;
  const factor =
    policy.backoff === "constant" ? 1 : policy.backoff === "linear" ? attempt : 2 ** (attempt - 1);
  const full = Math.min(policy.delayMs * factor, policy.maxDelayMs);
  // Full delay at 0, half of it at 1: waits stay apart without becoming pointless.
  return Math.round(policy.jitter ? full * (1 - random / 2) : full);
}
