import { LOGIN_COMMAND } from "./login-command";

/** Names the program to start in place of `ssh`. */
const SSH_VARIABLE = "ZR_SSH";

/**
 * The `ssh` that runs `LOGIN_COMMAND` on a host. The user's configuration decides everything but this: nothing is asked
 * for, there is no terminal, and no connection is left open for others, since it would belong to the task that made it.
 */
export const sshCommand = (
  host: string,
  system: Readonly<Record<string, string | undefined>>,
): readonly string[] => [sshProgram(system), ...OPTIONS, "--", host, LOGIN_COMMAND];

/**
 * The `ssh` of an interactive task: it may ask. With a `command` it has a terminal there and runs that, without one
 * `LOGIN_COMMAND`.
 */
export const askingSshCommand = (
  host: string,
  system: Readonly<Record<string, string | undefined>>,
  command?: string,
): readonly string[] => [
  sshProgram(system),
  command === undefined ? "-T" : "-t",
  ...SHARED,
  "--",
  host,
  command ?? LOGIN_COMMAND,
];

const SHARED = ["-o", "ControlMaster=no", "-o", "RemoteCommand=none"];
const OPTIONS = ["-T", "-o", "BatchMode=yes", ...SHARED];

function sshProgram(system: Readonly<Record<string, string | undefined>>): string {
  const given = system[SSH_VARIABLE];
  return given === undefined || given === "" ? "ssh" : given;
}
