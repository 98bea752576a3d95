import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { listTasks } from "#app/operations/list";
import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import type { Workspace } from "#core/workspace/workspace";
import { cacheOptions } from "#frontends/cli/cache-options";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { invocationOf } from "#frontends/cli/invocation";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { screenSetting } from "#frontends/cli/screen-setting";
import { isOn, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { itemKey, workspaceItems } from "#frontends/tui/task-item";
import type { TaskItem } from "#frontends/tui/task-item";
import { runTui } from "#frontends/tui/tui-app";
import type { TuiSetting } from "#frontends/tui/tui-app";
import { expectLongLife } from "#system/process/compiler";
import { isTerminal } from "#system/stdio/is-terminal";

/** `zr tui [FILTER]`. */
export const tuiBody: CommandBody = {
  run: (parsed, line) => showTasks(parsed, line, parsed.words.join(" ")),
};

/** The screen of all tasks, its list filtered. */
export async function showTasks(parsed: ParsedCommand, line: CommandLine, filter: string): Promise<number> {
  const session = openSession(parsed.options, line);
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  return show({ parsed, session, line, loaded: loaded.value }, { filter });
}

/** `zr live TASK [ARGS…]`: the same screen, with that task running and its log in front. */
export const liveBody: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options, line);
    const [name, ...words] = parsed.words;
    if (name === undefined)
      return refuse(session, usageProblem("E184", { command: "zr live", what: "the name of a task" }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const items = workspaceItems(loaded.value.workspace, true);
    const item = namedItem(loaded.value.workspace, items, name);
    if (item === undefined) {
      const near = suggest(
        name,
        items.map((one) => one.name),
      );
      return refuse(session, usageProblem("E160", { name, where: "" }, near));
    }
    return show({ parsed, session, line, loaded: loaded.value }, { first: { item, words } });
  },
};

interface Call {
  readonly parsed: ParsedCommand;
  readonly session: Session;
  readonly line: CommandLine;
  readonly loaded: LoadedWorkspace;
}

/** By its name, by that of a task of the current package, by an alias. */
function namedItem(workspace: Workspace, items: readonly TaskItem[], name: string): TaskItem | undefined {
  const here = itemKey("task", workspace.current.prefix, name);
  const found = items.find((item) => item.name === name) ?? items.find(({ key }) => key === here);
  if (found !== undefined) return found;
  const task = listTasks(workspace, { tags: [], all: true }).find(({ aliases }) => aliases.includes(name));
  return task === undefined ? undefined : items.find((item) => item.name === task.name);
}

async function show(call: Call, more: Partial<Pick<TuiSetting, "filter" | "first">>): Promise<number> {
  const { parsed, session, line, loaded } = call;
  const { options } = session;
  const isDumb = session.host.env["TERM"] === "dumb";
  if (!isTerminal(0) || !isTerminal(1) || isDumb || isOn(options, "no-input"))
    return refuseNoTerminal(session, more);
  expectLongLife();
  const { workspace } = loaded;
  const shown = workspaceItems(workspace, false);
  const { first } = more;
  // A hidden task that was asked for is shown.
  const items =
    first === undefined || shown.some(({ key }) => key === first.item.key) ? shown : [first.item, ...shown];
  const code = await runTui({
    ...screenSetting(session, workspace),
    workspace,
    items,
    agrees: isOn(options, "yes"),
    runs: {
      load: session.load,
      input: planInput({ ...parsed, words: [], extra: [] }, session),
      cache: cacheOptions(options),
      failFast: isOn(options, "keep-going") ? false : undefined,
      invocation: (command, words) => invocationOf(command, { words, extra: [] }, { line, session }),
    },
    ...more,
  });
  return code ?? refuseNoTerminal(session, more);
}

const refuseNoTerminal = (session: Session, { first }: Partial<Pick<TuiSetting, "first">>): Promise<number> =>
  refuse(session, usageProblem("E302", { command: first === undefined ? "tui" : "live" }));
