import { loadWorkspace } from "#app/load-workspace";
import { reportCrash } from "#frontends/cli/crash";
import { viewTui } from "#frontends/tui/view";
import { runTui } from "#frontends/tui/tui-app";
import { thisHost } from "#system/host";

/*
 * The screen of `zr tui` with a bug: the second line of the list can't be drawn. The end is that of `src/main.ts`.
 */
const host = thisHost();
const load = { cwd: host.cwd, env: host.env };
const loaded = await loadWorkspace(load);
if (!loaded.ok) throw new Error("the project of the test is broken");
const item = { kind: "task", description: "", tags: [], required: [] } as const;
const items = ["build", "other"].map((name) => ({ ...item, key: `task\0${name}`, name }));
try {
  await runTui({
    workspace: loaded.value.workspace,
    items,
    title: "project",
    hasColor: true,
    hasUnicode: true,
    agrees: false,
    runs: {
      load,
      input: { host, ...load, only: false, env: {}, vars: {}, isTerminal: true },
      cache: { isOff: true, force: false, why: false, verbose: false },
      failFast: undefined,
      invocation: (command, words) => ({ command, words, options: [], extra: [], cwd: host.cwd }),
    },
    write: async (text) => void (await Bun.write(Bun.stdout, text)),
    view: (state) => {
      if (state.cursor !== items[0]?.key) throw new Error("the view is broken");
      return viewTui(state);
    },
  });
} catch (error) {
  process.exit(await reportCrash(error));
}
