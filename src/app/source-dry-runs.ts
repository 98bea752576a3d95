import type { Captured } from "#system/process/capture";
import { basename } from "#base/path";
import type { SourceTool } from "#core/migrate/conversion";

export interface DryRunRequest {
  readonly task: string;
  /** Values of its parameters. */
  readonly words: readonly string[];
  readonly source?: string;
}

/** How one tool is asked what it would run for a task. */
export interface DryRun {
  readonly program: string;
  readonly argv: (request: DryRunRequest) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A dry run shows the commands that values are made of, where others run them. */
  readonly keepsCommands?: true;
  /** The commands in what it printed. */
  readonly commands: (printed: Captured) => readonly string[];
  /** The line by which it shows that a task is called in the middle of another; undefined where it shows what that does. */
  readonly call: ((task: string) => string) | undefined;
}

/** Stands for make inside of make's own dry run, so that it does not go on in other folders. */
const INNER_MAKE = "true --make";

export const dryRuns: Readonly<Partial<Record<SourceTool, DryRun>>> = {
  make: {
    program: "make",
    argv: ({ task, source }) => [
      "make",
      ...(source === undefined ? [] : ["-f", basename(source)]),
      "-nB",
      "--no-print-directory",
      `MAKE=${INNER_MAKE}`,
      task,
    ],
    env: { MAKEFLAGS: "" },
    commands: ({ stdout }) =>
      stdout
        .replaceAll(INNER_MAKE, "make")
        .split("\n")
        .filter((line) => !/^make(?:\[\d+\])?: /.test(line))
        .join("\n")
        .split(/(?<!\\)\n/),
    call: (task) => `make ${task}`,
  },
  just: {
    program: "just",
    argv: ({ task, words, source }) => [
      "just",
      ...(source === undefined ? [] : ["-f", source]),
      "--dry-run",
      "--yes",
      task.replaceAll(":", "::"),
      ...words,
    ],
    env: { JUST_COLOR: "never" },
    keepsCommands: true,
    commands: ({ stderr }) => [stderr.replaceAll(/^===>.*$/gm, "")],
    call: undefined,
  },
  task: {
    program: "task",
    argv: ({ task, source }) => [
      "task",
      ...(source === undefined ? [] : ["-t", source]),
      "--dry",
      "--force",
      // So that it shows what is silent too.
      "--verbose",
      "--color=false",
      "--yes",
      task,
    ],
    env: {},
    commands: ({ stderr, stdout }) =>
      `${stdout}${stderr}`
        .split(/\n(?=task: )/)
        .flatMap((part) => /^task: \[[^\]]*\] ([^]*)$/.exec(part)?.[1] ?? [])
        .map((text) => text.trimEnd())
        .filter((text) => !text.endsWith(" not for current platform - ignored")),
    call: undefined,
  },
  mise: {
    program: "mise",
    argv: ({ task, words, source }) => [
      "mise",
      "run",
      ...(source === undefined ? [] : ["-C", source.slice(0, source.lastIndexOf("/"))]),
      "--dry-run",
      "--yes",
      task,
      ...words,
    ],
    env: {
      MISE_TASK_SHOW_FULL_CMD: "1",
      MISE_TASK_RUN_AUTO_INSTALL: "0",
      MISE_OFFLINE: "1",
      MISE_COLOR: "0",
      NO_COLOR: "1",
    },
    commands: ({ stderr, stdout }) =>
      `${stdout}${stderr}`
        .split(/\n(?=\[[^\]\n]+\] |mise |Finished in )/)
        .flatMap((part) => /^\[[^\]]*\] \$ ([^]*)$/.exec(part)?.[1] ?? [])
        .map((text) => text.trimEnd()),
    call: undefined,
  },
};
