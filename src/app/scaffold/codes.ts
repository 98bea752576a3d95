import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of commands that write parts of a project. */
export const scaffoldDiagnosticCodes = {
  E580: {
    message: "{kind} '{name}' exists already; --force changes it",
    doc: "`zr add` does not touch what is there. With `--force` the keys that are given are set, and the others stay.",
    example: '[tasks.build]\ncmd = "make"\n\n$ zr add task build -- make all',
    exit: 2,
  },
  E581: {
    message: "there is no template '{name}'",
    doc: "`zr template list` shows those that zr brings along, those of the folder `templates` of the workspace, and your own.",
    example: "$ zr template show no-such-template",
    exit: 2,
  },
  E582: {
    message: "the template {template} is not valid: {reason}",
    doc: "A template is a folder with a `template.toml`, which says what it asks and what becomes of its files.",
    example: "",
    exit: 2,
  },
  E583: {
    message: "{template} needs an answer: --set {name}=…",
    doc: "A question without a default was not answered. Without a terminal, and with `--no-input`, nobody is asked.",
    example: "",
    exit: 2,
  },
  E584: {
    message: "'{value}' is no answer for {name}: {expected}",
    doc: "The template says what an answer has to look like. `zr template show NAME` shows it.",
    example: "$ zr template use retry --set attempts=many",
    exit: 2,
  },
  E585: {
    message: "{template} asks nothing that is called '{name}'",
    doc: "`--set` answers a question of the template. `zr template show NAME` lists them.",
    example: "$ zr template use retry --set nothing=1",
    exit: 2,
  },
  E586: {
    message: "{path} exists already; nothing was written",
    doc: "A file of a template is there with another content. `--force` overwrites it, `--keep` leaves it and writes the others, `--merge` adds what it lacks where that can be done.",
    example: "",
    exit: 2,
  },
  E587: {
    message: "the path '{path}' of {template} leads out of the folder",
    doc: "Files of a template are written below the folder that it is used in: not above, and not through a link that leads elsewhere.",
    example: "",
    exit: 2,
  },
  E588: {
    message: "{path} can't be merged: {reason}",
    doc: "What is there can't be read, or says something else at the same place in a way that zr does not put together.",
    example: "",
    exit: 2,
  },
  E590: {
    message: "there is no task or workflow '{name}' to release with",
    doc: "The file of the type `release` runs the workflow or task called `release`, or the one that `--task` names.",
    example: '[tasks.build]\ncmd = "make"\n\n$ zr ci generate --type release',
    exit: 2,
  },
  E591: {
    message: "{path} exists already and is not what would be written; --force overwrites it",
    doc: "A file for CI is not overwritten by itself. `--dry-run` prints what would be written.",
    example: "",
    exit: 2,
  },
} as const satisfies CodeTable;
