const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/y;

/** `"500ms" "30s" "5m" "1h30m" "2d"` in milliseconds; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0);
  }
  return text === "" ? undefined : total;
}

/** A timer that is set for longer than this fires at once. 24.8 days are as good as never. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Like `parseDuration`, but never longer than a timer can be. */
export function parseTimer(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined ? undefined : Math.min(ms, LONGEST_TIMER_MS);
}

/** Milliseconds as people read them: `7ms`, `1.4s`, `2m 5s`, `1h 3m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}
