import type { ToolGate } from "#app/tools/ensure-tools";
import type { RunSettings } from "#core/config/run-settings";
import { createToolProgress } from "#frontends/output/tool-progress";
import { onEndSignals } from "#system/signals";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { confirm } from "./confirm";
import { isOn } from "./session";
import type { Session } from "./session";
import { isCi } from "./terminal-facts";

/** Asks on the terminal before missing tools are installed, as far as `[global] auto_install` wants that, and shows how it goes. */
export function openToolGate(session: Session, { global }: Pick<RunSettings, "global">): ToolGate {
  const { listen, ...watched } = installWatch(session);
  const { auto_install: setting } = global;
  const isWanted = async (tools: readonly string[]): Promise<boolean> => {
    if (setting === true || isOn(session.options, "yes")) return true;
    if (setting === false || (setting === undefined && isCi(session.host.env))) return false;
    return (await confirm(`Install ${tools.join(", ")}?`, session.options)) === true;
  };
  return {
    ...watched,
    mayInstall: async (tools) => {
      // Not before the answer: a question is left by Ctrl-C as any other.
      const mayInstall = await isWanted(tools);
      if (mayInstall) listen();
      return mayInstall;
    },
  };
}

type InstallWatch = Pick<ToolGate, "report" | "signal" | "done">;

/** Progress on stderr, and an end by Ctrl-C. To be `done` when all is over. */
export function watchInstalls(session: Session): InstallWatch {
  const { listen, ...watched } = installWatch(session);
  listen();
  return watched;
}

/** As `watchInstalls`, hearing signals only from `listen` on. */
function installWatch(session: Session): InstallWatch & { readonly listen: () => void } {
  const ended = new AbortController();
  let signals: Disposable | undefined;
  const progress = createToolProgress({
    isQuiet: isOn(session.options, "quiet"),
    isTerminal: isTerminal(2),
    columns: () => windowSize(2)?.columns ?? 80,
    print: (text) => print("stderr", text),
  });
  return {
    report: progress.report,
    signal: ended.signal,
    listen: () => {
      signals ??= onEndSignals(() => ended.abort());
    },
    done: async () => {
      signals?.[Symbol.dispose]();
      await progress.done();
    },
  };
}
