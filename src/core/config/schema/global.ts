import { OUTPUT_MODES } from "#core/config/output-modes";
import {
  boolean,
  duration,
  formatted,
  integer,
  list,
  nonEmptyList,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";

/** The names of built-in shells, or an argv prefix to which the text is appended. */
export const shell = union(string, nonEmptyList(string));

/** `[global]`: how zr behaves, whatever the task. */
export const global = table(() => ({
  shell: {
    kind: shell,
    doc: 'The shell of `cmd` strings: `sh`, `bash`, `zsh`, `fish`, `pwsh`, `cmd`, `bun` (built in), or an argv prefix such as `["bash", "-euo", "pipefail", "-c"]`.',
    default: "`sh`; on Windows the built-in one",
    example: '"bash"',
  },
  dotenv: {
    kind: union(boolean, list(formatted("path"))),
    doc: "Load `.env`, or the files listed; a missing file is no error if its name ends in `?` or is the default.",
    default: "false",
  },
  log_level: {
    kind: oneOf("trace", "debug", "info", "warn", "error"),
    doc: "How much zr says about itself: `debug` and `trace` are `--verbose`, `warn` and `error` leave out the summary of a run that went well.",
    default: '"info"',
  },
  log_format: {
    kind: oneOf("pretty", "plain", "json"),
    doc: "The form of what zr says about a run: `plain` has no colours and no live view, `json` is one event a line.",
    default: "`pretty` on a terminal, else `plain`",
  },
  output: {
    kind: oneOf(...OUTPUT_MODES),
    doc: "How the output of tasks is shown.",
    default: "`grouped`; `interleaved` for a single task",
  },
  fail_fast: {
    kind: boolean,
    doc: "A failure stops starting new instances; `--keep-going` turns it off.",
    default: "true",
  },
  env_mode: {
    kind: oneOf("inherit", "strict"),
    doc: "`strict`: tasks see only declared variables, `pass_env` and a short built-in list.",
    default: '"inherit"',
  },
  pass_env: {
    kind: list(string),
    doc: "Names (globs) of variables that pass in strict mode.",
    example: '["CI", "GITHUB_*"]',
  },
  secret_names: {
    kind: list(string),
    doc: "Globs of variable names whose values are masked, besides the built-in ones.",
    example: '["*_DSN"]',
  },
  auto_install: {
    kind: union(boolean, oneOf("ask")),
    doc: "Install missing tools on first use.",
    default: '`"ask"` on a terminal, `false` in CI',
  },
  log_max: {
    kind: formatted("size"),
    doc: "Cap of one task's stored log; what is over it is cut from the middle.",
    default: '"50MB"',
  },
  min_version: { kind: formatted("version"), doc: "Refuse to run on an older zr.", example: '"0.1"' },
  grace_period: { kind: duration, doc: "Default time between the stop signal and SIGKILL.", default: '"5s"' },
  resources: {
    kind: table(() => ({
      max_workers: {
        kind: union(integer(1, 65_536), formatted("percent")),
        doc: "Instances at once: a number or a share of the logical CPUs.",
        default: "logical CPUs",
      },
      max_total_memory: {
        kind: formatted("size-or-percent"),
        doc: "Start no further instance while reserved or observed memory would exceed it: a size or a share of the machine's.",
      },
      max_cpu_percent: {
        kind: integer(1, 100),
        doc: "Start no further instance while the machine is above it.",
      },
    })),
    doc: "What a run may take of the machine.",
  },
}));

export const include = oneOrMany(
  union(
    formatted("glob"),
    table(() => ({
      path: { kind: formatted("path"), doc: "File or glob, relative to this file." },
      namespace: { kind: formatted("task-name"), doc: "Prefix of the included tasks: `ns:name`." },
      git: { kind: string, doc: "Repository of a remote include.", later: "remote includes" },
      rev: { kind: string, doc: "Commit that a remote include is pinned to.", later: "remote includes" },
      url: { kind: string, doc: "Address of a remote include.", later: "remote includes" },
      sha256: { kind: string, doc: "Digest that a remote include is pinned to.", later: "remote includes" },
    })),
  ),
);
