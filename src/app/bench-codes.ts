import type { CodeTable } from "#core/model/diagnostic-codes";

/** Problems of `zr bench`. */
export const benchDiagnosticCodes = {
  E295: {
    message: "can't read the baseline '{name}': {reason}",
    doc: "`zr bench --baseline` takes the name of a baseline that `--save` has written, or the path of such a file.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr bench build --baseline before',
    exit: 2,
  },
  E296: {
    message: "'{task}' can't be measured: {reason}",
    doc: "A benchmark measures the commands of one task. A group has none, a persistent task does not end, and what is skipped takes no time.",
    example: '[tasks.all]\ndeps = ["build"]\n[tasks.build]\ncmd = "true"\n\n$ zr bench all',
    exit: 2,
  },
} as const satisfies CodeTable;
