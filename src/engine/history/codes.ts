import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of commands that look into the history. */
export const historyDiagnosticCodes = {
  E400: {
    message: "'{name}' is no run of the history{why}",
    doc: "A run is named by its id, by the beginning of only one id, by `last`, or by `-2` for the one before the last. `zr history` lists them.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr logs last',
    exit: 2,
  },
  E401: {
    message: "'{name}' is the beginning of more than one run",
    doc: "Ids begin with the date. Write as much of the id as it takes to tell the runs apart.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr logs 2',
    exit: 2,
  },
  E402: {
    message: "no log of '{name}' in run {run}{why}",
    doc: "The task was not part of the run, was not started, printed nothing, or its log is older than the history keeps logs.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr logs last build',
    exit: 2,
  },
  E403: {
    message: "run {run} can't be repeated: {reason}",
    doc: "Secrets of a command line are not kept. Where a value of `--env` was one, set the variable of that name before you repeat the run; otherwise give the command line anew.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr rerun last',
    exit: 2,
  },
} as const satisfies CodeTable;
