import { loadWorkspace } from "#app/load-workspace";
import type { CommandBody } from "#frontends/cli/command";
import { optionWords } from "#frontends/cli/invocation";
import { refuse } from "#frontends/cli/refuse";
import { screenSetting } from "#frontends/cli/screen-setting";
import { openSession } from "#frontends/cli/session";
import { loadLook } from "#frontends/output/look";
import { shellWord } from "#base/shell-word";
import { runPicker } from "#frontends/tui/picker-app";
import { workspaceItems } from "#frontends/tui/task-item";
import type { Picked } from "#frontends/tui/picker";
import { print } from "#system/stdio/print";

const INTERRUPTED = 130;

/** `zr` alone on a terminal: a task is chosen and then run as `zr run` runs it. */
export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options, line);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const items = workspaceItems(workspace, false);
    const list = async (): Promise<number> => (await import("./list")).body.run(parsed, line);
    // The listing says what to do where there is nothing to choose from.
    if (items.length === 0) return list();
    const setting = screenSetting(session, workspace);
    const picked = await runPicker({ ...setting, items });
    if (picked === undefined) return list();
    if (typeof picked === "number") return picked;
    if (picked.kind === "nothing") return picked.isInterrupted ? INTERRUPTED : 0;
    if (picked.kind === "tui") return (await import("./tui")).showTasks(parsed, line, picked.filter);
    const words = commandWords(picked);
    const { theme } = await loadLook({ color: session.color, unicode: setting.hasUnicode });
    // So is learnt what to type the next time.
    await print("stderr", `${theme.dim(`$ zr ${words.map(shellWord).join(" ")}`)}\n`);
    return line.repeat([...optionWords(line.given), ...words]);
  },
};

const commandWords = ({ item, words }: Extract<Picked, { readonly kind: "run" }>): readonly string[] => [
  item.kind === "workflow" ? "workflow" : "run",
  item.name,
  ...words,
];
