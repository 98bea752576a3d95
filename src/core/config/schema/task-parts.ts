import { env } from "./env";
import {
  boolean,
  duration,
  expression,
  formatted,
  integer,
  list,
  map,
  nonEmptyList,
  number,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";

/** The text of a command. */
export const command = formatted("command");
const taskRef = formatted("task-ref");
/** One task or several, by reference. */
export const taskRefs = oneOrMany(taskRef);
const callArgs = union(list(string), map(union(string, boolean, number(-1e308, 1e308)), "name"));

/** Commands by platform. */
export const platformCommand = table(() => ({
  default: { kind: union(command, nonEmptyList(string)), doc: "The command on all other platforms." },
  linux: { kind: union(command, nonEmptyList(string)), doc: "The command on Linux." },
  darwin: { kind: union(command, nonEmptyList(string)), doc: "The command on macOS." },
  windows: { kind: union(command, nonEmptyList(string)), doc: "The command on Windows." },
}));

/** An entry of `cmds`. */
export const step = union(
  command,
  table(() => ({
    cmd: { kind: union(command, nonEmptyList(string)), doc: "A command of this step." },
    task: { kind: taskRef, doc: "Run this task here, once per call." },
    args: { kind: callArgs, doc: "Arguments of the called task: a list, or declared names with values." },
    env: { kind: env, doc: "Variables for the called task." },
    if: { kind: expression, doc: "Leave the step out where this is false." },
    platforms: { kind: list(formatted("platform")), doc: "Leave the step out elsewhere." },
    allow_failure: { kind: boolean, doc: "Go on when the step fails.", default: "false" },
    silent: { kind: boolean, doc: "Show the step's output only when it fails.", default: "false" },
  })),
);

/** An entry of `deps`. */
export const dep = union(
  taskRef,
  table(
    () => ({
      task: { kind: taskRef, doc: "The task to run before." },
      args: { kind: callArgs, doc: "Its arguments: a list, or declared names with values." },
      env: { kind: env, doc: "Variables for that instance only." },
      if: { kind: expression, doc: "Leave the dependency out where this is false." },
      optional: {
        kind: boolean,
        doc: "No error where the task, or the combination that its brackets pick, does not exist.",
        default: "false",
      },
    }),
    ["task"],
  ),
);

/** An entry of `args`. */
export const parameter = table(
  () => ({
    name: { kind: formatted("env-name"), doc: "Name, as in `--name=value` and `${args.name}`." },
    description: { kind: string, doc: "Shown by `zr show` and completion." },
    default: { kind: union(string, boolean, number(-1e308, 1e308)), doc: "The value where none is given." },
    required: { kind: boolean, doc: "A missing value is a usage error.", default: "false" },
    choices: { kind: list(string), doc: "The only values allowed." },
    env: {
      kind: formatted("env-name"),
      doc: "The variable to export it as, besides `ZR_ARG_<NAME>`; also the variable that gives it a value.",
    },
    type: {
      kind: oneOf("string", "number", "boolean", "path"),
      doc: "What a value must look like.",
      default: '"string"',
    },
    variadic: { kind: boolean, doc: "Takes all remaining positional values.", default: "false" },
  }),
  ["name"],
);

/** The value of `retry`. */
export const retry = union(
  integer(0, 1000),
  table(() => ({
    max: { kind: integer(0, 1000), doc: "Further attempts after the first.", default: "1" },
    delay: { kind: duration, doc: "Wait before the next attempt.", default: '"0s"' },
    backoff: {
      kind: oneOf("constant", "linear", "exponential"),
      doc: "How the wait grows from attempt to attempt.",
      default: '"constant"',
    },
    max_delay: { kind: duration, doc: "The longest wait.", default: '"5m"' },
    jitter: {
      kind: boolean,
      doc: "Take a random part off each wait, so that many tasks do not retry in step.",
      default: "false",
    },
    on_exit: { kind: list(integer(0, 255)), doc: "Retry only after these exit codes." },
    on_output: { kind: list(formatted("regex")), doc: "Retry only where the output matches one of these." },
  })),
);

/** The value of `cache`. */
export const caching = union(
  boolean,
  table(() => ({
    platform: { kind: boolean, doc: "The platform is part of the key.", default: "false" },
    salt: { kind: string, doc: "Text that is part of the key." },
    ttl: { kind: duration, doc: "How long an entry is used." },
    remote: { kind: boolean, doc: "Share it through the remote cache.", default: "true" },
    log: {
      kind: oneOf("replay", "hash", "none"),
      doc: "What is shown of a cached run.",
      default: '"replay"',
    },
  })),
);
