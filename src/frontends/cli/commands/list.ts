import { loadWorkspace } from "#app/load-workspace";
import type { ListedTask } from "#app/operations/list";
import { print } from "#system/stdio/print";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import { resolveColor } from "#frontends/cli/environment-options";
import { hasUnicode } from "#frontends/cli/terminal-facts";

export const body: CommandBody = {
  async run({ options, words }, line) {
    const session = openSession(options, line);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const [pattern] = words;
    const pkg = textOption(options, "package");
    const { listTasks } = await import("#app/operations/list");
    const tasks = listTasks(workspace, {
      ...(pattern === undefined ? {} : { pattern: /[*?[{]/.test(pattern) ? pattern : `*${pattern}*` }),
      tags: listOption(options, "tags").flatMap((text) => text.split(",")),
      ...(pkg === undefined ? {} : { package: pkg }),
      all: isOn(options, "all"),
    });
    if (formatOption(options) === "json") {
      await print(
        "stdout",
        `${JSON.stringify({ v: 1, root: workspace.root, tasks: tasks.map(jsonTask) }, undefined, 2)}\n`,
      );
      return 0;
    }
    const { env } = session.host;
    const look = {
      color: resolveColor(options, env, isTerminal(1)),
      unicode: hasUnicode(env),
      columns: windowSize(1)?.columns ?? 100,
    };
    const { renderTaskList } = await import("#frontends/output/task-list");
    await print(
      "stdout",
      await renderTaskList(tasks, workspace.current.name, { ...look, tree: isOn(options, "tree") }),
    );
    return 0;
  },
};

const jsonTask = ({ place, ...task }: ListedTask): object => ({
  ...task,
  description: task.description ?? null,
  group: task.group ?? null,
  file: place.file,
});
