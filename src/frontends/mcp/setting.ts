import type { CallSetting } from "#app/catalogue/call-operation";
import type { Gate } from "./gate";
import type { LogMessages } from "./log-messages";
import type { SpokenRevision } from "./spoken-revision";

/** What every request of a server has in common. */
export type ServerSetting = Omit<CallSetting, "signal" | "progress" | "log" | "ask">;

/** What the parts of a server share. */
export interface ServerParts {
  readonly setting: ServerSetting;
  readonly gate: Gate;
  readonly log: LogMessages;
  readonly revision: SpokenRevision;
}

/** The setting of a question that tells nothing but its answer. */
export const quietSetting = (setting: ServerSetting, signal: AbortSignal): CallSetting => ({
  ...setting,
  signal,
  progress: () => {},
  log: () => {},
});

/** Tokens of an answer that is asked for in short, and of one that is asked for in full. */
export const SHORT_BUDGET = 2000;
export const LONG_BUDGET = 8000;
