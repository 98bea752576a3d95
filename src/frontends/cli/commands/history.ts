import { readHistory } from "#app/history";
import { loadWorkspace } from "#app/load-workspace";
import { unknownPastTask } from "#app/operations/past-task";
import { usageProblem } from "#app/problems";
import { flakyInstances, listRuns, summarizeRuns } from "#engine/history/queries";
import type { RunFilter } from "#engine/history/queries";
import { flakyTable, runDetails, runDocument, runTable } from "#frontends/output/history-text";
import { jsonDocument } from "#frontends/output/json-document";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { namedRun } from "#frontends/cli/find-run";
import { sayHistoryWarnings } from "#frontends/cli/history-warnings";
import { refuse } from "#frontends/cli/refuse";
import { sinceOption } from "#frontends/cli/since-option";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

const DEFAULT_LIMIT = 20;

/** Options that choose among runs, of which none is left to choose where one is named. */
const OF_LISTING = ["task", "status", "since", "label", "flaky", "limit"];

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [reference, extra] = words;
    if (extra !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr history", value: extra }));
    const since = sinceOption(options);
    if (!since.ok) return refuse(session, since.error);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const isJson = formatOption(options) === "json";
    if (reference !== undefined) {
      const filter = OF_LISTING.find((name) => options[name] !== undefined);
      if (filter !== undefined)
        return refuse(session, usageProblem("E199", { option: `--${filter}`, other: reference }));
      const run = await namedRun(workspace, reference);
      if (!run.ok) return refuse(session, run.error);
      await print(
        "stdout",
        isJson ? jsonDocument(runDocument(run.value)) : await runDetails(run.value, look(session)),
      );
      return 0;
    }
    const unknown = await unknownPastTask(workspace, textOption(options, "task"));
    if (unknown !== undefined) return refuse(session, unknown);
    const filter = filterOf(session, since.value);
    if (isOn(options, "flaky")) {
      const { value = [], warnings } = await readHistory(workspace, (database) =>
        flakyInstances(database, filter),
      );
      await sayHistoryWarnings(warnings);
      await print("stdout", isJson ? jsonDocument({ tasks: value }) : await flakyTable(value, look(session)));
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
      isJson ? jsonDocument({ runs: runs.map(runDocument) }) : await runTable(summaries, look(session)),
    );
    return 0;
  },
};

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
