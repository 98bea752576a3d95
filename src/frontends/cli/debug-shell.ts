import type { RunnablePlan } from "#app/operations/plan-run";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import type { TraceCommand } from "#engine/exec/run-context";
import type { RunResult } from "#engine/exec/run-plan";
import { visibleControls } from "#frontends/output/visible-text";
import { spawnChild } from "#system/process/spawn";
import { signalProcess } from "#system/process/signal";
import { onEndSignals } from "#system/signals";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { confirm } from "./confirm";
import { isOn } from "./session";
import type { Session } from "./session";

type Variables = Readonly<Record<string, string>>;

/** What belongs to the run that is over, and would mean something else in a shell. */
const OF_THE_RUN = ["ZR_RUN_ID", "ZR_INSTANCE_KEY", "ZR_ATTEMPT", "MAKEFLAGS", "CARGO_MAKEFLAGS"];

/** Opens shells where the tasks of a run have failed: each with the variables that its last command had. */
export class DebugShell {
  readonly #session: Session;
  readonly #started = new Map<InstanceId, { readonly instance: Instance; readonly env: Variables }>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes note of what is started. */
  readonly trace: TraceCommand = (command, instance, env) => {
    this.#started.set(instance.id, { instance, env });
    return command;
  };

  /** To be called when the run is over and has been told of. A second shell is opened only where the user wants it. */
  async open({ plan }: RunnablePlan, { outcomes, interrupted }: RunResult): Promise<void> {
    if (interrupted !== undefined) return;
    const failed = plan.instances.flatMap(({ id, remote }) => {
      const outcome = outcomes.get(id);
      const hasFailed = outcome?.state === "failed" || outcome?.state === "timed_out";
      const started = this.#started.get(id);
      return hasFailed && outcome.allowed !== true && remote === undefined && started !== undefined
        ? [started]
        : [];
    });
    if (failed.length === 0) return;
    const { options } = this.#session;
    if (isOn(options, "no-input") || !isTerminal(0) || !isTerminal(2))
      return print("stderr", "no shell is opened: there is no terminal\n");
    for (const [index, { instance, env }] of failed.entries()) {
      const name = visibleControls(instance.id);
      if (index > 0 && (await confirm(`Open a shell for ${name} too?`, {})) !== true) return;
      await print("stderr", `a shell where ${name} failed, with its environment; exit leaves it\n`);
      await this.#run(instance, env);
    }
  }

  async #run({ cwd }: Instance, env: Variables): Promise<void> {
    const { host } = this.#session;
    const program =
      host.os === "windows" ? (host.env["ComSpec"] ?? "cmd.exe") : (host.env["SHELL"] ?? "/bin/sh");
    const child = spawnChild({
      argv: [program],
      cwd,
      env: withoutRun(env, host.env),
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      // In our session, so that it can have the terminal.
      ownGroup: false,
    });
    if (!child.ok) return print("stderr", `${program} can't be started: ${child.error.kind}\n`);
    const { pid, exited } = child.value;
    const signals = onEndSignals((signal) => void (signal === "SIGINT" || signalProcess(pid, signal)));
    await exited;
    signals[Symbol.dispose]();
  }
}

function withoutRun(env: Variables, system: Readonly<Record<string, string | undefined>>): Variables {
  const own: Record<string, string> = { ...env };
  for (const name of OF_THE_RUN) {
    delete own[name];
    const value = system[name];
    if (value !== undefined) own[name] = value;
  }
  return own;
}
