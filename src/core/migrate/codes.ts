import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of `zr init --from-…`. */
export const migrateDiagnosticCodes = {
  E480: {
    message: "no {what} in {path}",
    doc: "`zr init --from-…` looks for the files that the other tool would read in that folder. Name another file with `--source`.",
    example: "$ zr init --from-make",
    exit: 2,
  },
  E481: {
    message: "can't convert {path}: {reason}",
    doc: "The file is not what the other tool reads, so nothing of it can be converted. Nothing is written.",
    example: "$ zr init --from-task --source zr.toml",
    exit: 2,
  },
  E482: {
    message: "{options} exclude each other",
    doc: "One run of `zr init` takes over the files of one tool.",
    example: "$ zr init --from-make --from-just",
    exit: 2,
  },
  E483: {
    message: "{option} needs one of the --from-… options",
    doc: "`--wrap`, `--verify`, `--strict` and `--source` say how the files of another tool are taken over.",
    example: "$ zr init --wrap",
    exit: 2,
  },
  E484: {
    message: "{program} is not installed, so nothing can be compared with it",
    doc: "`--verify` compares what the other tool says that it would run with what zr would run. The file is written.",
    example: "$ zr init --from-just --verify",
    exit: 2,
  },
} as const satisfies CodeTable;
