import { loadWorkspace } from "#app/load-workspace";
import { environmentsOfPackage } from "#app/operations/package-environment";
import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import { spawnChild } from "#system/process/spawn";
import { signalProcess } from "#system/process/signal";
import { onEndSignals } from "#system/signals";
import { exitCodeOf } from "#engine/exec/exit-code";
import { pairs } from "./plan-input";
import { refuse } from "./refuse";
import { listOption, textOption } from "./session";
import type { Session } from "./session";

/** Runs a command with a package's tools and variables, with zr's own streams; gives its exit code. */
export async function runInEnvironment(
  session: Session,
  argv: readonly string[],
  further: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { options } = session;
  const [program = ""] = argv;
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const { workspace, texts } = loaded.value;
  const name = textOption(options, "package");
  const pkg = name === undefined ? workspace.current : workspace.packages.get(name);
  if (pkg === undefined)
    return refuse(
      session,
      usageProblem("E132", { name: name ?? "" }, suggest(name ?? "", workspace.packages.keys())),
    );
  const env = await environmentsOfPackage({
    workspace,
    pkg,
    host: session.host,
    flags: pairs(listOption(options, "env")),
    tools: async () => (await import("./tool-gate")).openToolGate(session, workspace.current.config),
  });
  if (!env.ok) return refuse(session, { diagnostics: env.error, unread: [], texts });
  const child = spawnChild({
    argv,
    cwd: session.cwd,
    env: { ...env.value, ...further },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    ownGroup: false,
  });
  if (!child.ok)
    return refuse(
      session,
      usageProblem("E188", {
        program,
        reason: child.error.kind === "not-found" ? "it is not on PATH" : child.error.kind,
      }),
    );
  const { pid, exited } = child.value;
  // The terminal sends its signals to the child as well; those sent to zr alone are passed on.
  const signals = onEndSignals((signal) => void (signal === "SIGINT" || signalProcess(pid, signal)));
  const status = await exited;
  signals[Symbol.dispose]();
  return exitCodeOf(status);
}
