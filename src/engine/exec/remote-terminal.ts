import type { Failure } from "#core/model/outcome";
import { terminalProgram } from "#engine/remote/remote-program";
import type { RemoteCommand } from "#engine/remote/remote-program";
import { askingSshCommand } from "#engine/remote/ssh-command";
import { sshEnvironment } from "#engine/remote/ssh-environment";
import { randomKey } from "#system/random-key";
import type { Command } from "./command";
import { transfer } from "./remote-transfer";
import type { TransferOptions } from "./remote-transfer";

type Variables = Readonly<Record<string, string>>;

const KEEP = 'umask 077; zr_f=$(mktemp "${TMPDIR:-/tmp}/zr-XXXXXXXX") && cat >"$zr_f" && printf "%s" "$zr_f"';
/** A path that no login shell reads as anything else. */
const PLAIN_PATH = /^\/[\w./-]+$/;
const LONGEST_PATH = 4096;

/**
 * What to start here for a command that has a terminal there. Its program can't come through the terminal: a first
 * connection puts it into a file that only the user there may read, a second one runs the file, which removes itself.
 */
export async function commandOnTerminal(
  command: RemoteCommand,
  env: Variables,
  options: TransferOptions & Readonly<Record<"system" | "local", Variables>>,
): Promise<Command> {
  const { remote, system, local } = options;
  const key = randomKey();
  const program = terminalProgram(command, { key, cwd: remote.cwd, env });
  let path = "";
  const failure = await transfer(
    { words: ["sh", "-c", KEEP].map((text) => ({ kind: "text", text })) },
    options,
    {
      feed: async function* () {
        yield new TextEncoder().encode(program);
      },
      read: async (stdout) => {
        for await (const piece of stdout)
          path = (path + new TextDecoder().decode(piece)).slice(0, LONGEST_PATH);
        return "end";
      },
    },
  );
  if (failure !== undefined) return notStarted(failure);
  if (!PLAIN_PATH.test(path))
    return notStarted({ kind: "io", path: remote.host, message: "there is no place for temporary files" });
  return {
    argv: askingSshCommand(remote.host, system, `exec sh ${path}`),
    replaceEnv: sshEnvironment(system, local),
  };
}

const notStarted = (failure: Failure): Command => ({ argv: [], failure });
