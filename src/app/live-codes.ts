import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of following a run in progress. */
export const liveDiagnosticCodes = {
  E300: {
    message: "no run is in progress that could be followed",
    doc: "A run can be followed from its first second on, by the user who started it, from anywhere in its workspace.",
    example: "$ zr monitor",
    exit: 1,
  },
  E301: {
    message: "no one run in progress is meant by '{run}'",
    doc: "Give the name of a run or a beginning that only one of them has; `zr monitor --list` lists those in progress.",
    example: "$ zr monitor 2020",
    exit: 1,
  },
} as const satisfies CodeTable;
