import type { IntentRule, IntentView } from "./intent";
import type { Concept } from "./lexicon";

/** What says which runs of the past are meant. */
export const PAST_CONCEPTS: readonly Concept[] = [
  "failed",
  "json",
  "sinceDays",
  "sinceHours",
  "sinceMinutes",
  "sinceMonth",
  "sinceToday",
  "sinceWeek",
  "sinceYesterday",
];

/** Options that several commands share, as a clause asks for them. `today` is `2026-11-21`. */
export function optionsOf(
  kind: NonNullable<IntentRule["options"]>,
  view: IntentView,
  today: string,
): string[] {
  const json = view.has("json") ? ["--json"] : [];
  if (kind === "look") return json;
  if (kind === "run") return [...runOptions(view), ...json];
  if (kind === "past")
    return [...(view.has("failed") ? ["--status", "failed"] : []), ...since(view, today), ...json];
  if (kind === "time") return [...since(view, today), ...json];
  return [];
}

const FLAGS: readonly (readonly [Concept, string])[] = [
  ["keepGoing", "--keep-going"],
  ["noCache", "--no-cache"],
  ["force", "--force"],
  ["dryRun", "--dry-run"],
];

function runOptions({ has, value }: IntentView): string[] {
  const options = FLAGS.flatMap(([concept, flag]) => (has(concept) ? [flag] : []));
  const jobs = value("jobs");
  if (jobs !== undefined) options.push("-j", jobs);
  const profile = value("profile");
  if (profile !== undefined) options.push("--profile", profile);
  for (const [concept, unit] of [
    ["timeoutHours", "h"],
    ["timeoutMinutes", "m"],
    ["timeoutSeconds", "s"],
  ] as const) {
    const time = value(concept);
    if (time !== undefined) options.push("--timeout", `${time}${unit}`);
  }
  return options;
}

/** What changes are compared with, where a clause says so. */
export const based = ({ value }: Pick<IntentView, "value">): string[] => {
  const base = value("base");
  return base === undefined ? [] : ["--base", base];
};

const DAY_MS = 86_400_000;

function since({ has, value }: IntentView, today: string): string[] {
  const time = sinceText({ has, value }, today);
  return time === undefined ? [] : ["--since", time];
}

function sinceText({ has, value }: Pick<IntentView, "has" | "value">, today: string): string | undefined {
  if (has("sinceMinutes")) return `${value("sinceMinutes") ?? "1"}m`;
  if (has("sinceHours")) return `${value("sinceHours") ?? "1"}h`;
  if (has("sinceDays")) return `${value("sinceDays") ?? "1"}d`;
  if (has("sinceToday")) return today;
  // A calendar day before; the days of `today` are those of the user's own calendar.
  if (has("sinceYesterday"))
    return new Date(Date.parse(`${today}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  if (has("sinceWeek")) return "7d";
  return has("sinceMonth") ? "30d" : undefined;
}
