import { loadWorkspace } from "#app/load-workspace";
import { showTasks } from "#app/operations/show";
import { usageProblem } from "#app/problems";
import { suggestTasks } from "#core/workspace/references";
import { renderShownTask } from "#frontends/output/shown-task";
import { loadTheme } from "#frontends/output/theme";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, openSession } from "#frontends/cli/session";

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [name] = words;
    if (name === undefined)
      return refuse(session, usageProblem("E184", { command: "show", what: "the name of a task" }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const shown = showTasks(workspace, name, texts);
    if (shown.length === 0)
      return refuse(
        session,
        usageProblem("E160", { name, where: "" }, suggestTasks(workspace, { pkg: workspace.current }, name)),
      );
    if (formatOption(options) === "json") {
      await print("stdout", `${JSON.stringify(shown, undefined, 2)}\n`);
      return 0;
    }
    const theme = await loadTheme(resolveColor(options, session.host.env, isTerminal(1)));
    await print("stdout", shown.map((task) => renderShownTask(task, theme, session.cwd)).join("\n"));
    return 0;
  },
};
