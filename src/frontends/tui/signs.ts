import { plainLook } from "#frontends/output/look";
import { STATE_WORD } from "#frontends/output/outcome-text";
import type { InstanceState } from "#core/model/outcome";
import type { ItemStatus } from "./state";
import type { Span, Style } from "./row";

/** Signs of what is not over; each stands beside a word or a time. */
const UNICODE = { running: "●", ready: "●", waiting: "↻", queued: "·", planned: "·", paused: "‖" } as const;
const ASCII = { running: "*", ready: "*", waiting: "~", queued: ".", planned: ".", paused: "=" } as const;

const PHASE_WORD = {
  planned: "to come",
  queued: "queued",
  running: "running",
  ready: "up",
  waiting: "waiting",
} as const;

const STATE_STYLE: Readonly<Record<InstanceState, Style>> = {
  success: "good",
  cached: "good",
  skipped: "dim",
  failed: "bad",
  timed_out: "bad",
  canceled: "warn",
  blocked: "warn",
};

/** The sign of how a task stands, one column wide; a blank where nothing is known of it. */
export function statusSign(status: ItemStatus | undefined, hasUnicode: boolean): Span {
  if (status === undefined) return { text: " ", style: "plain" };
  const { phase, state, isPaused } = status;
  if (phase === "finished") {
    return state === undefined ? { text: " ", style: "plain" } : stateSign(state, hasUnicode);
  }
  const signs = hasUnicode ? UNICODE : ASCII;
  return { text: isPaused ? signs.paused : signs[phase], style: isPaused ? "warn" : "strong" };
}

/** The sign of how something ended, one column wide. */
export const stateSign = (state: InstanceState, hasUnicode: boolean): Span => ({
  text: plainLook(hasUnicode).symbols.state[state],
  style: STATE_STYLE[state],
});

/** How a task stands, in a word; empty where nothing is known of it. */
export function statusWord(status: ItemStatus | undefined): string {
  if (status === undefined) return "";
  const { phase, state, isPaused } = status;
  if (isPaused) return "paused";
  if (phase !== "finished") return PHASE_WORD[phase];
  return state === undefined ? "" : STATE_WORD[state];
}
