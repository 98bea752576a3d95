import type { RunCommand } from "#engine/env/layers";
import type { Host } from "#system/host";
import { answersOf, noteObstacle } from "#system/fs/read-trace";
import { spawnChild } from "#system/process/spawn";

/** Runs the commands in values of `[env]`: each once a run, by the system's shell, in the workspace root. */
export function commandRunner(host: Host, root: string): RunCommand {
  const done = new Map<string, ReturnType<RunCommand>>();
  return ({ command, file }) => {
    const cwd = file === undefined ? root : file.slice(0, file.lastIndexOf("/")) || "/";
    const key = `${cwd}\0${command}`;
    let result = done.get(key);
    if (result === undefined) {
      result = runOnce(command, cwd, host);
      done.set(key, result);
    }
    return result;
  };
}

async function runOnce(command: string, cwd: string, host: Host): ReturnType<RunCommand> {
  noteObstacle(answersOf("a command of [env]"));
  const argv = host.os === "windows" ? ["cmd", "/D", "/S", "/C", command] : ["sh", "-c", command];
  const child = spawnChild({
    argv,
    cwd,
    env: host.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ownGroup: true,
  });
  if (!child.ok) return { ok: false, error: `the shell can't be started (${child.error.kind})` };
  const { stdout, stderr, exited } = child.value;
  const [output, errors, status] = await Promise.all([
    new Response(stdout).text(),
    new Response(stderr).text(),
    exited,
  ]);
  if (status.code === 0) return { ok: true, value: output };
  const said = errors.trim().split("\n").at(-1) ?? "";
  return { ok: false, error: `exit ${status.code ?? status.signal ?? "?"}${said === "" ? "" : `: ${said}`}` };
}
