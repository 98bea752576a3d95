import type { CallSetting } from "#app/catalogue/call-operation";
import type { Gate } from "./gate";

/** What every request of a server has in common. */
export type ServerSetting = Omit<CallSetting, "signal" | "progress">;

/** What the parts of a server share. */
export interface ServerParts {
  readonly setting: ServerSetting;
  readonly gate: Gate;
}

/** Tokens of an answer that is asked for in short, and of one that is asked for in full. */
export const SHORT_BUDGET = 2000;
export const LONG_BUDGET = 8000;
