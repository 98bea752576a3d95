import { parseDuration } from "#base/duration";
import { parseSize } from "#base/size";
import type { RunSettings } from "#core/config/run-settings";

/** How much of the past is kept. */
export interface Retention {
  /** Runs. */
  readonly keep: number;
  readonly maxAgeMs: number;
  /** Of all logs together, in bytes. */
  readonly maxSize: number;
}

const DEFAULTS = { keep: 200, maxAge: "30d", maxSize: "1GB", logMax: "50MB" } as const;

export const isHistoryOn = ({ history }: RunSettings): boolean => history.enabled !== false;

export const retentionOf = ({ history }: RunSettings): Retention => ({
  keep: history.keep ?? DEFAULTS.keep,
  maxAgeMs: parseDuration(history.max_age ?? DEFAULTS.maxAge) ?? 0,
  maxSize: parseSize(history.max_size ?? DEFAULTS.maxSize) ?? 0,
});

/** Most bytes of one task's log. */
export const logMaxOf = ({ global }: RunSettings): number =>
  parseSize(global.log_max ?? DEFAULTS.logMax) ?? 0;
