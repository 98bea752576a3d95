import type { TaskTable } from "#core/config/schema/sections";
import { simpleCommand } from "#core/plan/shell-text";
import type { Package } from "#core/workspace/workspace";
import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import { which } from "#system/which";
import type { DoctorContext } from "./doctor-context";
import { environmentOrReason } from "./setup-context";

const LIMIT_MS = 10_000;
const SHOWN_TASKS = 3;

/**
 * Programs that commands of tasks begin with and PATH does not have, as warnings. Only what is certain is looked at: plain
 * names, in tasks that run on this machine whatever their conditions say, with the PATH of their package.
 */
export const programsCheck = (context: DoctorContext): DoctorCheck => ({
  name: "tools",
  limitMs: LIMIT_MS,
  look: async () => {
    const { workspace, host } = context;
    const tasksOf = new Map<string, string[]>();
    for (const pkg of workspace.packages.values()) {
      const wanted = programsOf(pkg, host.os);
      if (wanted.size === 0) continue;
      const made = await environmentOrReason(pkg, context);
      if (!made.ok) continue;
      const path = made.value.env["PATH"] ?? "";
      for (const [program, tasks] of wanted)
        if (which(program, { path, cwd: pkg.dir }) === undefined)
          tasksOf.set(program, [...(tasksOf.get(program) ?? []), ...tasks]);
    }
    return [...tasksOf].map(([program, tasks]): Finding => {
      const more = tasks.length - SHOWN_TASKS;
      const shown = tasks.slice(0, SHOWN_TASKS).join(", ") + (more > 0 ? ` and ${more} more` : "");
      return {
        check: "tools",
        name: program,
        state: "warning",
        detail: `not on PATH; wanted by ${shown}`,
        hint: `install ${program}, or ask for it in [tools]`,
      };
    });
  },
});

/** The programs that a package's tasks start, each with the tasks as they are asked for. */
function programsOf(pkg: Package, os: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const entry of pkg.config.tasks.values()) {
    const { table } = pkg.resolve(entry);
    if (!isCertain(table, os)) continue;
    const label = pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`;
    const isPlain = isPlainShell(table.shell ?? pkg.config.global.shell, os);
    const commands = commandsOf(table, os).filter((command) => isPlain || isArgv(command));
    for (const program of new Set(commands.flatMap(programOf)))
      found.set(program, [...(found.get(program) ?? []), label]);
  }
  return found;
}

/** Whether the task's commands run here, with the PATH of its package. */
const isCertain = ({ condition, skip_if, remote, tools, env, platforms }: TaskTable, os: string): boolean =>
  condition === undefined &&
  skip_if === undefined &&
  remote === undefined &&
  tools === undefined &&
  (env === undefined || !("PATH" in env)) &&
  (platforms === undefined || platforms.includes(os));

/** Whether the first word of a text is looked for on PATH: by other programs, or with other options, it may be anything. */
const isPlainShell = (shell: TaskTable["shell"], os: string): boolean =>
  shell === undefined
    ? os !== "windows"
    : typeof shell === "string" && /^(?:.*\/)?(?:a|ba|da|k|z)?sh$/.test(shell);

type Command = string | readonly string[];

function commandsOf({ cmd, cmds, script }: TaskTable, os: string): readonly Command[] {
  if (script !== undefined) return [];
  if (cmds !== undefined)
    return cmds.flatMap((step) => {
      if (typeof step === "string") return [step];
      const isSure = step.if === undefined && step.platforms === undefined && step.allow_failure !== true;
      return isSure && step.cmd !== undefined ? [step.cmd] : [];
    });
  if (cmd === undefined) return [];
  if (typeof cmd === "string" || isArgv(cmd)) return [cmd];
  const own = os === "linux" || os === "darwin" || os === "windows" ? cmd[os] : undefined;
  const chosen = own ?? cmd.default;
  return chosen === undefined ? [] : [chosen];
}

const isArgv = (value: unknown): value is readonly string[] => Array.isArray(value);

/** The program of a command that needs no shell to be understood; a path is left to the task that makes it. */
function programOf(command: Command): readonly string[] {
  const [program] = (typeof command === "string" ? simpleCommand(command) : command) ?? [];
  return program !== undefined && /^[\w.+-]+$/.test(program) ? [program] : [];
}
