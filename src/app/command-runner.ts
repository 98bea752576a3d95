import type { RunCommand } from "#engine/env/layers";
import type { Host } from "#system/host";
import { answersOf, noteObstacle } from "#system/fs/read-trace";
import type { Guard, startGuard } from "#system/process/guard";
import { signalGroup } from "#system/process/signal";
import { spawnChild } from "#system/process/spawn";
import { randomKey } from "#system/random-key";

export interface CommandRunner {
  readonly run: RunCommand;
  /** Kills what is under way, which then counts as failed. */
  readonly stop: () => void;
}

/**
 * Runs the commands in values of `[env]`: each once a run, by the system's shell, in the workspace root. A command ends
 * with zr, however that ends: a program that keeps secrets may wait for somebody who has given up.
 */
export function commandRunner(host: Host, root: string): CommandRunner {
  const done = new Map<string, ReturnType<RunCommand>>();
  const children = new Children();
  const run: RunCommand = ({ command, file }) => {
    const cwd = file === undefined ? root : file.slice(0, file.lastIndexOf("/")) || "/";
    const key = `${cwd}\0${command}`;
    let result = done.get(key);
    if (result === undefined) {
      result = runOnce(command, { cwd, host, children });
      done.set(key, result);
    }
    return result;
  };
  return { run, stop: () => children.kill() };
}

/** Commands under way, and one guard for all of them as long as there is any. */
class Children {
  readonly #pids = new Set<number>();
  #guard: Guard | undefined;
  #expected = 0;

  /** A child is about to be started: the guard is there before it. */
  expect(start: typeof startGuard): void {
    this.#expected += 1;
    this.#guard ??= start({ runId: randomKey(), stayMs: 0 });
  }

  add(pid: number): void {
    this.#pids.add(pid);
    this.#guard?.add(pid);
  }

  /** An expected child has ended, or could not be started. */
  remove(pid: number | undefined): void {
    this.#expected -= 1;
    if (pid !== undefined) {
      this.#pids.delete(pid);
      this.#guard?.remove(pid);
    }
    if (this.#expected > 0) return;
    this.#guard?.close();
    this.#guard = undefined;
  }

  kill(): void {
    for (const pid of this.#pids) signalGroup(pid, "SIGKILL");
  }
}

interface CommandPlace {
  readonly cwd: string;
  readonly host: Host;
  readonly children: Children;
}

async function runOnce(command: string, { cwd, host, children }: CommandPlace): ReturnType<RunCommand> {
  noteObstacle(answersOf("a command of [env]"));
  // Most runs have no such command, and start without this.
  const guards = await import("#system/process/guard");
  const argv = host.os === "windows" ? ["cmd", "/D", "/S", "/C", command] : ["sh", "-c", command];
  children.expect(guards.startGuard);
  const child = spawnChild({
    argv,
    cwd,
    env: host.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ownGroup: true,
  });
  if (!child.ok) {
    children.remove(undefined);
    return { ok: false, error: `the shell can't be started (${child.error.kind})` };
  }
  const { pid, stdout, stderr, exited } = child.value;
  children.add(pid);
  const [output, errors, status] = await Promise.all([
    new Response(stdout).text(),
    new Response(stderr).text(),
    exited,
  ]);
  children.remove(pid);
  if (status.code === 0) return { ok: true, value: output };
  const said = errors.trim().split("\n").at(-1) ?? "";
  return { ok: false, error: `exit ${status.code ?? status.signal ?? "?"}${said === "" ? "" : `: ${said}`}` };
}
