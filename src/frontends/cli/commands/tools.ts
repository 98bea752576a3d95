import { loadWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { suggest } from "#base/suggest";
import type { Diagnostic } from "#base/diagnostic";
import type { CommandBody } from "#frontends/cli/command";
import { TOOL_ACTIONS } from "#frontends/cli/completion/first-words";
import { refuse } from "#frontends/cli/refuse";
import { openSession } from "#frontends/cli/session";
import type { ToolCommand } from "./tool-command";

/** `zr tools [list | install … | uninstall … | outdated | upgrade … | which … | where … | ls-remote … | link … | prune]`. */
export const body: CommandBody = {
  async run(parsed) {
    const session = openSession(parsed.options);
    const [action = "list", ...words] = parsed.words;
    const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (perform === undefined)
      return refuse(
        session,
        usageProblem("E185", { command: "zr tools", value: action }, suggest(action, TOOL_ACTIONS)),
      );
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const fail = (...diagnostics: readonly Diagnostic[]): Promise<number> => {
      const problems: Problems = { diagnostics, unread: [], texts };
      return refuse(session, problems);
    };
    const setting = { host: session.host, root: workspace.root };
    return (await perform())({ session, options: parsed.options, workspace, setting, words, fail });
  },
};

type Action = (command: ToolCommand) => Promise<number>;

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  list: async () => (await import("./tools-look")).list,
  install: async () => (await import("./tools-install")).install,
  uninstall: async () => (await import("./tools-change")).uninstall,
  outdated: async () => (await import("./tools-install")).outdated,
  upgrade: async () => (await import("./tools-install")).upgrade,
  which: async () => (await import("./tools-look")).which,
  where: async () => (await import("./tools-look")).where,
  "ls-remote": async () => (await import("./tools-look")).lsRemote,
  link: async () => (await import("./tools-change")).link,
  prune: async () => (await import("./tools-change")).prune,
};
