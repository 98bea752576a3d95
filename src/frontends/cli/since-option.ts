import { usageProblem, type Problems } from "#app/problems";
import { parseDuration } from "#base/duration";
import { err, ok, type Result } from "#base/result";
import { wallMs } from "#system/clock/clock";
import type { OptionValues } from "./command";
import { textOption } from "./session";

/** What `--since` says, in milliseconds since 1970; undefined where it is not given. E183 for what is no time. */
export function sinceOption(options: OptionValues): Result<number | undefined, Problems> {
  const since = textOption(options, "since");
  if (since === undefined) return ok(undefined);
  const moment = momentOf(since, wallMs());
  if (moment !== undefined) return ok(moment);
  const expected = "a duration such as 2d or a date such as 2026-11-21";
  return err(usageProblem("E183", { name: "--since", expected, found: since }));
}

/** `2d` ago, or a date, midnight or with a time, where this computer is; in milliseconds since 1970. */
function momentOf(text: string, now: number): number | undefined {
  const duration = parseDuration(text);
  if (duration !== undefined) return now - duration;
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const date = new Date(year, month - 1, day, hour, minute, second);
  // The 31st of February would be a day in March.
  return date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60
    ? date.getTime()
    : undefined;
}
