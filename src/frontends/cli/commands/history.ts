import { parseDuration } from "#base/duration";
import { readHistory } from "#app/history";
import { loadWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import { flakyInstances, listRuns, summarizeRuns } from "#engine/history/queries";
import type { RunFilter } from "#engine/history/queries";
import { flakyTable, runDetails, runDocument, runTable } from "#frontends/output/history-text";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { namedRun } from "#frontends/cli/find-run";
import { sayHistoryWarnings } from "#frontends/cli/history-warnings";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { wallMs } from "#system/clock/clock";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

const DEFAULT_LIMIT = 20;

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [reference, extra] = words;
    if (extra !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr history", value: extra }));
    const since = textOption(options, "since");
    const sinceMs = since === undefined ? undefined : momentOf(since);
    if (since !== undefined && sinceMs === undefined)
      return refuse(
        session,
        usageProblem("E183", {
          name: "--since",
          expected: "a duration such as 2d or a date such as 2026-11-21",
          found: since,
        }),
      );
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const isJson = formatOption(options) === "json";
    if (reference !== undefined) {
      const run = await namedRun(workspace, reference);
      if (!run.ok) return refuse(session, run.error);
      await print(
        "stdout",
        isJson ? json(runDocument(run.value)) : await runDetails(run.value, look(session)),
      );
      return 0;
    }
    const filter = filterOf(session, sinceMs);
    if (isOn(options, "flaky")) {
      const { value = [], warnings } = await readHistory(workspace, (database) =>
        flakyInstances(database, filter),
      );
      await sayHistoryWarnings(warnings);
      await print("stdout", isJson ? json({ v: 1, tasks: value }) : await flakyTable(value, look(session)));
      return 0;
    }
    const shown = await readHistory(workspace, (database) => ({
      runs: isJson ? listRuns(database, filter) : [],
      summaries: isJson ? [] : summarizeRuns(database, filter),
    }));
    await sayHistoryWarnings(shown.warnings);
    const { runs = [], summaries = [] } = shown.value ?? {};
    await print(
      "stdout",
      isJson ? json({ v: 1, runs: runs.map(runDocument) }) : await runTable(summaries, look(session)),
    );
    return 0;
  },
};

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const look = ({ options, host }: Session) => ({
  color: resolveColor(options, host.env, isTerminal(1)),
  unicode: hasUnicode(host.env),
  columns: windowSize(1)?.columns ?? 120,
});

function filterOf({ options }: Session, sinceMs: number | undefined): RunFilter {
  const task = textOption(options, "task");
  const status = textOption(options, "status");
  const limit = textOption(options, "limit");
  return {
    ...(task === undefined ? {} : { task }),
    ...(status === undefined ? {} : { status }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    labels: listOption(options, "label").map((text) => {
      const equals = text.indexOf("=");
      return equals === -1 ? { name: text } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
    }),
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
  };
}

/** `2d` ago, or a date, midnight or with a time, where this computer is; in milliseconds since 1970. */
export function momentOf(text: string, now: number = wallMs()): number | undefined {
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
