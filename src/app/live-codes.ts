import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of what shows runs while they go on. */
export const liveDiagnosticCodes = {
  E300: {
    message: "no run is in progress that could be followed",
    doc: "A run can be followed when it has been going on for a second, by the user who started it, from anywhere in its workspace.",
    example: "$ zr monitor",
    exit: 1,
  },
  E301: {
    message: "no one run in progress is meant by '{run}'",
    doc: "Give the name of a run or a beginning that only one of them has; `zr monitor --list` lists those in progress.",
    example: "$ zr monitor 2020",
    exit: 1,
  },
  E302: {
    message: "'zr {command}' needs a terminal",
    doc: "It takes over a whole terminal: standard input and standard output have to be one that can move its cursor (`TERM` is not `dumb`), and `--no-input` must not be given. `zr run` and `zr list` do the same without.",
    example: '[tasks]\nbuild = "true"\n\n$ zr tui',
    exit: 2,
  },
} as const satisfies CodeTable;
