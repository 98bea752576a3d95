import type { Diagnostic } from "#base/diagnostic";
import { taskPlace } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import type { Shell, Step } from "#core/model/plan";
import { literalForExpansion } from "./interpolation";
import type { Interpolation, PlaceOf } from "./interpolation";
import type { PlanNode } from "./node";
import type { PlanHost } from "./request";
import { shellShape } from "./shell-text";

export interface StepsContext {
  readonly node: PlanNode;
  readonly table: TaskTable;
  readonly shell: Shell;
  readonly fill: Interpolation;
  readonly at: (key: string, ...rest: readonly (string | number)[]) => PlaceOf;
  readonly host: PlanHost;
  readonly problems: Diagnostic[];
}

export interface Body {
  readonly steps: readonly Step[];
  /** Set where the command is only given for some platforms. */
  readonly platforms?: readonly string[];
}

type Command = string | readonly string[];

/** The steps of an instance from `cmd`, `cmds` or `script`. A group has none. */
export function buildSteps(context: StepsContext): Body {
  const { table, host } = context;
  if (table.script !== undefined) return { steps: [scriptStep(context, table.script)] };
  if (table.cmds !== undefined) return { steps: listSteps(context, table.cmds) };
  const { cmd } = table;
  if (cmd === undefined) {
    refuseArguments(context, taskPlace(context.node.task.entry));
    return { steps: [] };
  }
  if (typeof cmd === "string" || isArgv(cmd))
    return { steps: [commandStep(context, cmd, { keys: ["cmd"], isOnly: true })] };
  const system = host.os === "linux" || host.os === "darwin" || host.os === "windows" ? host.os : "default";
  const key = cmd[system] === undefined ? "default" : system;
  const chosen = cmd[key];
  if (chosen === undefined) return { steps: [], platforms: Object.keys(cmd) };
  return { steps: [commandStep(context, chosen, { keys: ["cmd", key], isOnly: true })] };
}

/** Extra arguments that no command could get are no arguments that may be dropped. */
function refuseArguments({ node, problems }: StepsContext, place: Diagnostic["place"]): void {
  if (node.args.length === 0 || place === undefined) return;
  problems.push({ code: "E198", severity: "error", data: { task: node.name }, place });
}

const isArgv = (value: unknown): value is readonly string[] => Array.isArray(value);

interface CommandPlace {
  readonly keys: readonly [string, ...(string | number)[]];
  /** The only command of its task, so that extra arguments can be meant for nothing else. */
  readonly isOnly: boolean;
}

function commandStep(context: StepsContext, command: Command, { keys, isOnly }: CommandPlace): Step {
  const { fill, shell, node } = context;
  const [key, ...rest] = keys;
  if (isArgv(command)) {
    const words = command.map((word, index) => fill.word(word, context.at(key, ...rest, index)));
    return { kind: "exec", argv: isOnly ? [...words, ...node.args.map(literalForExpansion)] : words };
  }
  const at = context.at(key, ...rest);
  const text = fill.shell(command, shell, at);
  if (node.args.length === 0) return { kind: "shell", text };
  const shape = shellShape(command);
  if (shape.takesArguments) return { kind: "shell", text };
  if (!isOnly) return { kind: "shell", text };
  if (!shape.isSingle) {
    context.problems.push({ code: "E164", severity: "error", data: { task: node.name }, place: at().place });
    return { kind: "shell", text };
  }
  // What follows a comment would belong to it; for cmd.exe, `#` begins none.
  const spoken = shell.dialect === "cmd" ? text : fill.shell(command.slice(0, shape.end), shell, at);
  return { kind: "shell", text: `${spoken.trimEnd()} ${argumentsReference(shell, node.args)}` };
}

/** How a shell's text takes the extra arguments: `"$@"`, or variables of their own where a shell has no such thing. */
function argumentsReference(shell: Shell, args: readonly string[]): string {
  switch (shell.dialect) {
    case "posix":
    case "custom":
      return '"$@"';
    case "fish":
      return "$argv";
    case "pwsh":
      return args.map((_, index) => `$env:ZR_EXTRA_${index + 1}`).join(" ");
    case "cmd":
      return args.map((_, index) => `"!ZR_EXTRA_${index + 1}!"`).join(" ");
    case "bun":
      return args.map((_, index) => `"$ZR_EXTRA_${index + 1}"`).join(" ");
  }
}

function scriptStep(context: StepsContext, script: string): Step {
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(script);
  const program = (interpreter?.[1]?.endsWith("/env") === true ? interpreter[2] : interpreter?.[1]) ?? "";
  const isShell = interpreter === null || /(?:^|\/)(?:sh|bash|zsh|dash|ksh|ash)$/.test(program);
  const shell: Shell = interpreter === null ? context.shell : { dialect: "posix", argv: [], explicit: true };
  return {
    kind: "script",
    text: context.fill.script(script, isShell ? shell : undefined, context.at("script")),
  };
}

function listSteps(context: StepsContext, entries: NonNullable<TaskTable["cmds"]>): Step[] {
  const takesArguments = entries.some((entry) => {
    const command = typeof entry === "string" ? entry : entry.cmd;
    return typeof command === "string" && shellShape(command).takesArguments;
  });
  const isOnly = entries.length === 1;
  if (entries.every((entry) => typeof entry !== "string" && entry.task !== undefined)) {
    refuseArguments(context, context.at("cmds")().place);
  } else if (context.node.args.length > 0 && !takesArguments && !isOnly) {
    context.problems.push({
      code: "E164",
      severity: "error",
      data: { task: context.node.name },
      place: context.at("cmds")().place,
    });
  }
  let call = 0;
  return entries.map((entry, index): Step => {
    if (typeof entry === "string") return commandStep(context, entry, { keys: ["cmds", index], isOnly });
    const options = {
      ...(entry.allow_failure === true ? { allowFailure: true } : {}),
      ...(entry.silent === true ? { silent: "both" as const } : {}),
      ...(entry.if === undefined
        ? {}
        : { condition: { source: entry.if, place: context.at("cmds", index, "if")().place } }),
      ...(entry.platforms === undefined ? {} : { platforms: entry.platforms }),
    };
    if (entry.task !== undefined) {
      const step: Step = { kind: "call", call, ...options };
      call += 1;
      return step;
    }
    return {
      ...commandStep(context, entry.cmd ?? "true", { keys: ["cmds", index, "cmd"], isOnly }),
      ...options,
    };
  });
}
