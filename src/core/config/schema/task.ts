import { env } from "./env";
import { shell } from "./global";
import {
  any,
  boolean,
  duration,
  expression,
  formatted,
  glob,
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
import { caching, command, dep, parameter, platformCommand, retry, step, taskRefs } from "./task-parts";

const notifyOn = oneOf("always", "success", "failure", "longer_than");

/** Every key of a task. One entry and its use make a new key. */
export const taskTable = table(() => ({
  cmd: {
    kind: union(command, nonEmptyList(string), platformCommand),
    doc: "What to run. A string is run by the shell; an array is an argv, executed directly; a table chooses by platform. A task without `cmd`, `cmds` and `script` is a group: it only has deps.",
    example: '"go build ./..."',
  },
  cmds: {
    kind: list(step),
    doc: "Several steps in order, each on its own; stops at the first failure.",
    example: '["npm ci", { task = "build" }, { cmd = "npm test", if = "ci" }]',
  },
  script: {
    kind: formatted("command"),
    doc: "A script body. A `#!` first line picks the interpreter. It is run from a temporary file that is always removed.",
    example: '"""\n#!/usr/bin/env python3\nprint(1)\n"""',
  },
  shell: {
    kind: shell,
    doc: "The shell of this task; set explicitly, it also runs simple commands.",
    default: "`[global] shell`",
  },
  cwd: {
    kind: formatted("path"),
    doc: "Working folder, relative to the package.",
    default: "the package folder",
  },
  description: { kind: string, doc: "One line for the listing." },
  aliases: { kind: list(formatted("task-name")), doc: "Other names of the task." },
  tags: { kind: list(string), doc: "Words to select it by." },
  group: { kind: string, doc: "The section of the listing it stands in." },
  hidden: { kind: boolean, doc: "Leave it out of listings.", default: "true for names that start with `_`" },
  extends: {
    kind: oneOrMany(string),
    doc: "Take unset keys from these tasks or `[templates.X]`, first match first.",
  },
  deps: {
    kind: list(dep),
    doc: 'Run before, in parallel: `"name"`, `"pkg:name"`, `"^name"` (the same-named task of every package this one depends on), `"tag:x#name"`, `"*:name"` (every package), or a table.',
    example: '["lint", "^build"]',
  },
  deps_serial: {
    kind: list(dep),
    doc: "Run before, one after the other, after `deps`; a failure skips the rest.",
  },
  pipeline: { kind: list(dep), doc: "A synonym of `deps_serial` for a task that is only a group." },
  wait_for: { kind: taskRefs, doc: "Order only: run after these if they are in the plan." },
  finally: { kind: taskRefs, doc: "Run after this task, whatever its result, once it has been started." },
  on_success: { kind: taskRefs, doc: "Run after it when it succeeds." },
  on_failure: { kind: taskRefs, doc: "Run after it when it fails." },
  condition: {
    kind: expression,
    doc: "False: the instance is skipped and dependents go on.",
    example: "\"platform == 'linux'\"",
  },
  preconditions: {
    kind: list(
      union(
        expression,
        table(
          () => ({
            if: { kind: expression, doc: "What must hold." },
            message: { kind: string, doc: "Said where it does not." },
          }),
          ["if"],
        ),
      ),
    ),
    doc: "False: the instance fails with the message.",
  },
  env: { kind: env, doc: "Variables of this task." },
  env_file: {
    kind: oneOrMany(formatted("path")),
    doc: "Dotenv files; a missing one is an error unless its name ends in `?`.",
  },
  dotenv: { kind: union(boolean, list(formatted("path"))), doc: "As `[global] dotenv`, for this task." },
  args: {
    kind: list(parameter),
    doc: "Declared parameters: `zr run deploy prod --region=eu`. Checked before anything runs.",
  },
  timeout: { kind: duration, doc: "Per attempt; then the stop sequence.", default: "none" },
  grace_period: {
    kind: duration,
    doc: "Between the stop signal and SIGKILL of the process group.",
    default: '"5s"',
  },
  stop_signal: { kind: formatted("signal"), doc: "The signal that asks it to stop.", default: '"TERM"' },
  retry: {
    kind: retry,
    doc: "How often and when to try again.",
    default: "0",
    example: '{ max = 3, delay = "1s", backoff = "exponential" }',
  },
  allow_failure: {
    kind: boolean,
    doc: "A failure is reported, dependents go on, the run succeeds.",
    default: "false",
  },
  interactive: {
    kind: boolean,
    doc: "Stdin and the terminal are the task's; it runs alone.",
    default: "false",
  },
  confirm: {
    kind: union(boolean, string),
    doc: "Ask first; `--yes` answers; without a terminal and without `--yes` it fails.",
  },
  silent: {
    kind: union(boolean, oneOf("stdout", "stderr")),
    doc: "Show the output only on failure.",
    default: "false",
  },
  platforms: {
    kind: list(formatted("platform")),
    doc: "Where it runs (`linux`, `darwin/arm64`, …); elsewhere it is skipped.",
    default: "all",
  },
  persistent: {
    kind: boolean,
    doc: "A dev server: never finishes; others may depend on it only through `ready`.",
    default: "false",
  },
  ready: {
    kind: table(() => ({
      http: { kind: string, doc: "An address that answers with 2xx or 3xx." },
      tcp: { kind: string, doc: "`host:port` that accepts a connection." },
      log: { kind: formatted("regex"), doc: "A line of output that matches." },
      exec: { kind: command, doc: "A command that exits 0." },
      timeout: { kind: duration, doc: "How long to wait before it counts as failed.", default: '"1m"' },
      interval: { kind: duration, doc: "Between two looks.", default: '"200ms"' },
    })),
    doc: "When it holds, dependents start.",
  },
  matrix: {
    kind: map(list(any)),
    doc: "Cartesian product: one instance a combination, `name[os=linux,arch=x64]`; `${matrix.os}` in strings. `include` and `exclude` are lists of tables, as in GitHub Actions.",
    example: '{ os = ["linux", "darwin"], arch = ["x64", "arm64"] }',
  },
  resources: {
    kind: table(() => ({
      max_cpu: {
        kind: union(number(0.01, 65_536), formatted("percent")),
        doc: "CPUs it may use: a number (`0.5` is half of one) or a share of the machine's.",
      },
      max_memory: {
        kind: formatted("size-or-percent"),
        doc: "Memory that its processes together may take: a size or a share of the machine's. Above it they are killed and the task fails.",
      },
      max_concurrent: { kind: integer(1, 65_536), doc: "Instances of this task at once." },
      weight: { kind: integer(1, 65_536), doc: "Worker slots it takes.", default: "1" },
      exclusive: { kind: boolean, doc: "Alone in the run.", default: "false" },
      mutex: {
        kind: oneOrMany(string),
        doc: "Named groups of which one instance runs at a time (or `[concurrency.NAME] max`).",
      },
      priority: {
        kind: integer(-1000, 1000),
        doc: "Higher starts earlier among those that are ready.",
        default: "0",
      },
    })),
    doc: "What it takes while it runs.",
  },
  io: {
    kind: table(() => ({
      stdin: {
        kind: formatted("redirect"),
        doc: 'Where input comes from: `"file:PATH"`, `"null"`, `"inherit"`.',
        default: '"null"',
      },
      stdout: {
        kind: formatted("redirect"),
        doc: 'Where output also goes: `"file:PATH"`, `"file+:PATH"` to append, `"null"`, `"inherit"`.',
      },
      stderr: { kind: formatted("redirect"), doc: "As `stdout`." },
    })),
    doc: "Redirection; what goes to a file is still recorded.",
  },
  cache: { kind: caching, doc: "Content-hash caching.", default: "false" },
  status: {
    kind: oneOrMany(command),
    doc: "All exit 0: the work is already done, and the task is *cached* without running.",
  },
  inputs: { kind: list(glob), doc: "Files that decide the result." },
  outputs: { kind: list(glob), doc: "Files that it makes." },
  env_inputs: { kind: list(string), doc: "Variables that decide the result; `*` stands for any letters." },
  depfile: {
    kind: formatted("path"),
    doc: "A make-style dependency file that adds discovered inputs.",
  },
  allow_overlap: {
    kind: boolean,
    doc: "Its outputs may overlap with another task's.",
    default: "false",
  },
  sandbox: {
    kind: union(
      oneOf("inputs"),
      table(() => ({
        net: { kind: boolean, doc: "Whether it may use the network.", default: "true" },
        write: { kind: oneOf("outputs"), doc: "Where it may write." },
      })),
    ),
    doc: "Run it where only its inputs are there, on Linux; as a table also without network, or without writing elsewhere.",
    example: '{ net = false, write = "outputs" }',
  },
  pty: {
    kind: boolean,
    doc: "Give the task a pseudo-terminal, so that its commands print as on a terminal; what they print is one stream.",
    default: "false",
  },
  tools: { kind: map(string), doc: "Tool versions for this task only.", example: '{ node = "18" }' },
  watch: {
    kind: union(
      list(glob),
      table(() => ({
        paths: { kind: list(glob), doc: "What to follow." },
        ignore: { kind: list(glob), doc: "What to leave out." },
        debounce: { kind: duration, doc: "Quiet time before a run." },
        restart: { kind: boolean, doc: "Stop and start again instead of waiting." },
      })),
    ),
    doc: "What `zr watch` follows.",
    default: "`inputs`",
  },
  run_on: {
    kind: formatted("run-on"),
    doc: "Where it runs: `host`, `service:NAME`, `container:IMAGE`, `remote`.",
    default: '`"remote"` where there is a `remote`, else `"host"`',
  },
  required_env: { kind: list(formatted("env-name")), doc: "Variables without which nothing runs." },
  secrets: { kind: list(formatted("env-name")), doc: "Variables whose values are masked." },
  share_output: {
    kind: union(boolean, oneOf("json")),
    doc: "Its trimmed stdout becomes `${output.NAME}` for instances downstream.",
    default: "false",
  },
  artifacts: {
    kind: union(
      list(glob),
      table(() => ({
        paths: { kind: list(glob), doc: "What to keep." },
        keep: { kind: union(duration, integer(1)), doc: "How long, or of how many runs.", default: "10" },
        compress: { kind: boolean, doc: "Compress them.", default: "true" },
      })),
    ),
    doc: "Files that are kept with the run: `zr artifacts`.",
  },
  confirm_if: { kind: expression, doc: "Ask only where this is true." },
  skip_if: { kind: expression, doc: "Skip where this is true." },
  output_if: {
    kind: expression,
    doc: "Show output only where this is true; decided when the task has ended.",
  },
  remote: {
    kind: union(
      formatted("ssh-host"),
      table(
        () => ({
          host: {
            kind: formatted("ssh-host"),
            doc: "`user@host`, a name of your `ssh` configuration, or `ssh://user@host:port`.",
          },
          cwd: {
            kind: formatted("path"),
            doc: "Folder there, which has to exist.",
            default: "the home folder",
          },
          env: { kind: env, doc: "Further variables for the commands there." },
          sync: {
            kind: union(
              boolean,
              table(() => ({
                up: { kind: list(glob), doc: "Files to copy there before the first command." },
                down: { kind: list(glob), doc: "Files to copy back after the last one." },
              })),
            ),
            doc: "Copy files there and back; `true` copies `inputs` there and `outputs` back.",
            default: "false",
          },
        }),
        ["host"],
      ),
    ),
    doc: "Run its commands on another machine, over the system's `ssh`.",
    example: '"deploy@example.com"',
  },
  cpu_affinity: { kind: nonEmptyList(integer(0, 65_535)), doc: "Logical CPUs it may run on." },
  nice: {
    kind: integer(-20, 19),
    doc: "Scheduling priority of its processes: 19 gives way to everything, -20 to nothing.",
  },
  examples: { kind: list(string), doc: "Command lines for the long help." },
  see_also: { kind: list(string), doc: "Related tasks for the long help." },
  docs: { kind: string, doc: "Text of the long help." },
  notify: {
    kind: union(
      boolean,
      list(string),
      table(() => ({
        to: { kind: list(string), doc: "Where to." },
        on: { kind: notifyOn, doc: "When." },
        longer_than: { kind: duration, doc: "Only where it took longer." },
      })),
    ),
    doc: "Desktop or plugin notification.",
    later: "notifications",
  },
}));

/** `[tasks.X]`: a table, or a bare string for `cmd`. */
export const task = union(formatted("command"), taskTable);

/** `[groups.X]`: inherited by tasks named `X.*`. */
export const group = table(() => ({
  env: taskTable.fields.env,
  cwd: taskTable.fields.cwd,
  timeout: taskTable.fields.timeout,
  shell: taskTable.fields.shell,
  tags: taskTable.fields.tags,
}));
