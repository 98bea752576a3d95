import { readHistory } from "#app/history";
import { loadWorkspace } from "#app/load-workspace";
import { showTasks } from "#app/operations/show";
import { unknownTask } from "#app/operations/unknown-task";
import { usageProblem } from "#app/problems";
import { lastEnds } from "#engine/history/queries";
import { lastRunsText } from "#frontends/output/history-text";
import { jsonDocument } from "#frontends/output/json-document";
import { renderShownTask } from "#frontends/output/shown-task";
import { loadTheme } from "#frontends/output/theme";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, openSession } from "#frontends/cli/session";

const LAST_RUNS = 5;

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [name, surplus] = words;
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr show", value: surplus }));
    if (name === undefined)
      return refuse(session, usageProblem("E184", { command: "zr show", what: "the name of a task" }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const shown = showTasks(workspace, name, texts);
    if (shown.length === 0) return refuse(session, unknownTask(name, workspace));
    const { value: past = [] } = await readHistory(workspace, (database) =>
      shown.map((task) => lastEnds(database, task.name, LAST_RUNS)),
    );
    if (formatOption(options) === "json") {
      const documents = shown.map((task, index) => ({ ...task, lastRuns: past[index] ?? [] }));
      await print("stdout", jsonDocument({ tasks: documents }));
      return 0;
    }
    const theme = await loadTheme(resolveColor(options, session.host.env, isTerminal(1)));
    const pages = shown.map(
      (task, index) => renderShownTask(task, theme, session.cwd) + lastRunsText(past[index] ?? [], theme),
    );
    await print("stdout", pages.join("\n"));
    return 0;
  },
};
