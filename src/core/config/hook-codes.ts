import type { CodeTable } from "#core/model/diagnostic-codes";

/** Problems of `[hooks]`. */
export const hookDiagnosticCodes = {
  E290: {
    message: "'{task}' can't be a '{hook}' hook: it has {what}",
    label: "only commands run around each task",
    doc: "`before_task` and `after_task` run around every task, so that a task named there may have nothing but commands of its own.",
    example:
      '[hooks]\nbefore_task = { run = "check" }\n[tasks.check]\ncmd = "true"\ndeps = ["build"]\n[tasks.build]\ncmd = "true"\n\n$ zr run build',
  },
  E291: {
    message: "an entry of '{hook}' needs {what}",
    doc: "An entry of `[hooks]` is a command, or a table with either `cmd` (a command) or `run` (a task).",
    example: '[hooks]\nbefore_run = {}\n[tasks.build]\ncmd = "true"\n\n$ zr run build',
  },
} as const satisfies CodeTable;
