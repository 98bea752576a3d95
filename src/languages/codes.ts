import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of packages found by the files of their languages. */
export const languageDiagnosticCodes = {
  E370: {
    message: "there is no provider '{name}'",
    doc: "`[workspace] infer` names the languages whose packages zr finds by itself: `node`, `rust`, `go`, `python`, `java`, `dotnet`. An empty list switches that off.",
    example: '[workspace]\ninfer = ["nodes"]',
  },
  E371: {
    message: "can't read the manifest {path}: {reason}",
    doc: "A file that describes a package is not in its format, so that its name and its dependencies are unknown. Leave the folder out by `[workspace] ignore` where it is meant to be so.",
    example: '[workspace]\nmembers = ["app"]',
  },
} as const satisfies CodeTable;
