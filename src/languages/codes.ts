import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of packages found by the files of their languages. */
export const languageDiagnosticCodes = {
  E370: {
    message: "there is no provider '{name}'",
    doc: "`[workspace] infer` names the languages whose packages zr finds by itself: those that it knows, and those of `[workspace] languages`. An empty list switches that off.",
    example: '[workspace]\ninfer = ["nodes"]',
  },
  E371: {
    message: "can't read the manifest {path}: {reason}",
    doc: "A file that describes a package is not in its format, so that its name and its dependencies are unknown. Leave the folder out by `[workspace] ignore` where it is meant to be so.",
    example: '[workspace]\nmembers = ["app"]',
  },
  E376: {
    message: "can't use the language of {path}: {reason}",
    doc: "A file of `[workspace] languages` describes a language by names, keys and lines. This one says something that no language can have, or has the name of one that zr knows already.",
    example: '[workspace]\nlanguages = ["languages/*.toml"]',
  },
} as const satisfies CodeTable;
