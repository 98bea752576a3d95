import type { Failure, InstanceState, Outcome, StopReason } from "#core/model/outcome";
import { formatDuration } from "#base/duration";
import { formatSize } from "#base/size";

/** How the states are called where people read them. */
export const STATE_WORD: Readonly<Record<InstanceState, string>> = {
  success: "ok",
  cached: "cached",
  skipped: "skipped",
  failed: "failed",
  timed_out: "timed out",
  canceled: "canceled",
  blocked: "blocked",
};

/** Why a command did not succeed, to follow a colon. */
export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case "exit":
      return `exit code ${failure.code}`;
    case "signal":
      return `ended by ${failure.signal}`;
    case "timeout":
      return `not finished within ${formatDuration(failure.limitMs)}`;
    case "not-found":
      return `program '${failure.program}' not found`;
    case "spawn":
      return `could not be started: ${failure.message}`;
    case "cwd":
      return `working folder ${failure.path} does not exist`;
    case "precondition":
      return `precondition not met: ${failure.message}`;
    case "expression":
      return `condition could not be evaluated: ${failure.message}`;
    case "confirm":
      return `not confirmed: ${failure.message}`;
    case "output":
      return failure.message;
    case "environment":
      return `environment could not be made: ${failure.message}`;
    case "io":
      return `${failure.path}: ${failure.message}`;
    case "hook":
      return `its ${failure.hook} hook failed: ${failureText(failure.cause)}`;
    case "call":
      return `its call of ${callText(failure.of)} did not end well`;
    case "not-ready":
      return `did not become ready: ${failure.message}`;
    case "unreachable":
      return `could not reach ${failure.host}: ${failure.message}`;
    case "sandbox":
      return `the sandbox can't be made or emptied: ${failure.message}`;
    case "memory-limit":
      return `memory limit ${sizeText(failure.limitBytes)} exceeded, peak ${sizeText(failure.peakBytes)}`;
  }
}

/** `build`, `test[os=linux] and 3 more`. */
const callText = (called: readonly string[]): string =>
  called.length === 1 ? `${called[0]}` : `${called[0] ?? "nothing"} and ${called.length - 1} more`;

/** `2 GB`, `1.5 GB`. */
const sizeText = (bytes: number): string => formatSize(bytes).replace(".0 ", " ");

/** Why an instance was not run, or not to its end, to follow a colon. */
export function stopReasonText(reason: StopReason): string {
  switch (reason.kind) {
    case "condition":
      return `its condition is false: ${reason.source}`;
    case "skip-if":
      return `its skip_if is true: ${reason.source}`;
    case "platform":
      return `only for ${reason.platforms.join(", ")}`;
    case "status":
      return "its status checks say that it is up to date";
    case "cache":
      return `saved ${formatDuration(reason.savedMs)}`;
    case "not-needed":
      return `not called for, since ${reason.of} ${stateClause(reason.state)}`;
    case "not-called":
      return `${reason.by} did not get to calling it`;
    case "upstream":
      return `${reason.of} ${stateClause(reason.state)}`;
    case "fail-fast":
      return `stopped because ${reason.of} failed`;
    case "interrupt":
      return `interrupted by ${reason.signal}`;
    case "run-timeout":
      return "the run's time was over";
    case "after-stop":
      return `not finished within ${formatDuration(reason.limitMs)} after the run was stopped`;
    case "caller-timeout":
      return `the time of ${reason.by}, which called it, was over`;
    case "stage-timeout":
      return `the time of stage '${reason.stage}' was over`;
    case "stage":
      return `stage '${reason.stage}' was not run: ${reason.why}`;
    case "not-reached":
      return "the workflow did not come to it";
    case "restart":
      return "stopped to be started again";
    case "asked":
      return "stopped on request";
    case "declined":
      return "not confirmed";
  }
}

function stateClause(state: InstanceState): string {
  switch (state) {
    case "success":
      return "succeeded";
    case "cached":
      return "was cached";
    case "failed":
      return "failed";
    case "timed_out":
      return "timed out";
    case "skipped":
    case "canceled":
    case "blocked":
      return `was ${STATE_WORD[state]}`;
  }
}

/** The cause of an outcome in a few words; empty where there is none to tell. */
export function outcomeCause(outcome: Outcome): string {
  if (outcome.failure !== undefined) return failureText(outcome.failure);
  return outcome.reason === undefined ? "" : stopReasonText(outcome.reason);
}

/** `failed: exit code 3`, `ok`, `failed (allowed): exit code 1`. */
export function outcomeText(outcome: Outcome): string {
  const word =
    outcome.allowed === true ? `${STATE_WORD[outcome.state]} (allowed)` : STATE_WORD[outcome.state];
  const cause = outcomeCause(outcome);
  return cause === "" ? word : `${word}: ${cause}`;
}
