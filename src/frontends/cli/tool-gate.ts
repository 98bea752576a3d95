import type { ToolGate } from "#app/tools/ensure-tools";
import type { Workspace } from "#core/workspace/workspace";
import { createToolProgress } from "#frontends/output/tool-progress";
import { onEndSignals } from "#system/signals";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { confirm } from "./confirm";
import { isOn } from "./session";
import type { Session } from "./session";
import { isCi } from "./terminal-facts";

/** Asks on the terminal before missing tools are installed, as far as `[global] auto_install` wants that, and shows how it goes. */
export function openToolGate(session: Session, workspace: Workspace): ToolGate {
  const watched = watchInstalls(session);
  const { auto_install: setting } = workspace.current.config.global;
  return {
    ...watched,
    mayInstall: async (tools) => {
      if (setting === true || isOn(session.options, "yes")) return true;
      if (setting === false || (setting === undefined && isCi(session.host.env))) return false;
      return (await confirm(`Install ${tools.join(", ")}?`, session.options)) === true;
    },
  };
}

/** Progress on stderr, and an end by Ctrl-C. To be `done` when all is over. */
export function watchInstalls(session: Session): Pick<ToolGate, "report" | "signal" | "done"> {
  const ended = new AbortController();
  const signals = onEndSignals(() => ended.abort());
  const progress = createToolProgress({
    isQuiet: isOn(session.options, "quiet"),
    isTerminal: isTerminal(2),
    columns: () => windowSize(2)?.columns ?? 80,
    print: (text) => print("stderr", text),
  });
  return {
    report: progress.report,
    signal: ended.signal,
    done: async () => {
      signals[Symbol.dispose]();
      await progress.done();
    },
  };
}
