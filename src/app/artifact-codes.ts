import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of what runs have kept. */
export const artifactDiagnosticCodes = {
  E195: {
    message: "nothing is kept of {what}",
    doc: "No run that is meant has kept files of the task, or they are no longer kept. `zr artifacts` lists everything that is.",
    example: '[tasks.a]\ncmd = "true"\n\n$ zr artifacts get last',
    exit: 2,
  },
  E196: {
    message: "'{run}' could mean {count} runs",
    doc: "The beginning of a run's name is enough as long as it is the beginning of one alone. Give more of it.",
    example: "",
    exit: 2,
  },
} as const satisfies CodeTable;
