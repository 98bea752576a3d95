import type { Diagnostic } from "#base/diagnostic";
import type { TaskTable } from "#core/config/schema/sections";
import { formatProblem } from "#core/config/formats";
import type { RemoteHost, Shell } from "#core/model/plan";
import type { Interpolation, PlaceOf } from "./interpolation";

export interface RemoteContext {
  readonly task: string;
  readonly fill: Interpolation;
  readonly shell: Shell;
  readonly at: (key: string, ...rest: readonly (string | number)[]) => PlaceOf;
  readonly problems: Diagnostic[];
}

/** Whether the task's commands are meant for another machine: `run_on` says so, or says nothing and there is a `remote`. */
export const isRemote = ({ run_on: runOn, remote }: TaskTable): boolean =>
  runOn === "remote" || (runOn === undefined && remote !== undefined);

const HERE = {};

/** The machine that a task runs on, if not this one. Everything about the task that can't be had there is a problem. */
export function remoteHost(table: TaskTable, context: RemoteContext): { readonly remote?: RemoteHost } {
  if (!isRemote(table)) return HERE;
  const { remote } = table;
  const { fill, at } = context;
  const settings = typeof remote === "string" ? { host: remote } : remote;
  if (settings?.host === undefined) {
    refuse(context, remote === undefined ? ["run_on"] : ["remote"], "'remote' does not name a host");
    return HERE;
  }
  const hostKeys: Keys = typeof remote === "string" ? ["remote"] : ["remote", "host"];
  const host = fill.plain(settings.host, at(...hostKeys));
  // What the file says has been checked; what has been put in since then has not.
  const expected = formatProblem("ssh-host", host);
  if (expected !== undefined && host !== settings.host)
    refuse(context, hostKeys, `'${host}' is not ${expected}`);
  checkTask(table, context);
  const cwd = settings.cwd === undefined ? undefined : fill.plain(settings.cwd, at("remote", "cwd"));
  const sync = remoteSync(table, settings, context);
  return {
    remote: { host, ...(cwd === undefined ? {} : { cwd }), ...(sync === undefined ? {} : { sync }) },
  };
}

type Keys = readonly [string, ...(string | number)[]];

function refuse({ task, at, problems }: RemoteContext, keys: Keys, why: string): void {
  problems.push({ code: "E170", severity: "error", data: { task, why }, place: at(...keys)().place });
}

/** Keys that mean something on this machine only. */
function checkTask(table: TaskTable, context: RemoteContext): void {
  const { cmd, cmds, script, ready } = table;
  if ((cmd ?? cmds ?? script) === undefined)
    refuse(context, [table.run_on === undefined ? "remote" : "run_on"], "it has no command of its own");
  if (context.shell.dialect === "bun" || context.shell.dialect === "cmd")
    refuse(context, [table.shell === undefined ? "remote" : "shell"], "its shell exists only here");
  if (table.pty === true)
    refuse(
      context,
      ["pty"],
      table.interactive === true
        ? "an interactive task has a terminal already"
        : "a pseudo-terminal does not reach there",
    );
  if (ready?.exec !== undefined) refuse(context, ["ready", "exec"], "'ready.exec' would run here");
  checkRedirections(table, context);
  checkLimits(table, context);
}

function checkRedirections({ io }: TaskTable, context: RemoteContext): void {
  if (io?.stdin !== undefined && io.stdin !== "null")
    refuse(context, ["io", "stdin"], "its stdin does not go there");
  if (io?.stderr === "null" || io?.stderr === "inherit")
    refuse(context, ["io", "stderr"], "what ssh says has to be read: use a file, or redirect in the command");
}

function checkLimits(table: TaskTable, context: RemoteContext): void {
  for (const key of ["max_cpu", "max_memory"] as const)
    if (table.resources?.[key] !== undefined)
      refuse(context, ["resources", key], "limits do not reach there");
  for (const key of ["nice", "cpu_affinity"] as const)
    if (table[key] !== undefined) refuse(context, [key], "limits do not reach there");
}

function remoteSync(
  table: TaskTable,
  { cwd, sync }: Exclude<NonNullable<TaskTable["remote"]>, string>,
  context: RemoteContext,
): RemoteHost["sync"] {
  if (sync === undefined || sync === false) return undefined;
  if (cwd === undefined) refuse(context, ["remote", "sync"], "'sync' needs a 'cwd' to copy to");
  const paths =
    sync === true
      ? { up: table.inputs ?? [], down: table.outputs ?? [] }
      : { up: sync.up ?? [], down: sync.down ?? [] };
  const { up, down } = paths;
  if (up.length === 0 && down.length === 0)
    refuse(context, ["remote", "sync"], "'sync' has neither inputs nor outputs to copy");
  for (const glob of [...up, ...down])
    if (!staysInside(glob))
      refuse(
        context,
        ["remote", "sync"],
        `'sync' copies within the package folder, and '${glob}' is outside`,
      );
  return paths;
}

const staysInside = (glob: string): boolean => {
  const path = glob.replace(/^!/, "");
  return !path.startsWith("/") && !/^[A-Za-z]:/.test(path) && !path.split(/[/\\]/).includes("..");
};
