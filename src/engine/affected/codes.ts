import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of what asks git what has changed. */
export const affectedDiagnosticCodes = {
  E360: {
    message: "{folder} is not in a git repository",
    doc: "What a change affects is found out by git. Where there is no repository, give the changed files by `--files FILE` or `--files -`.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr affected build',
    exit: 2,
  },
  E361: {
    message: "'{base}' ({from}) is no commit of this repository",
    doc: "The base has to be a branch, a tag or a commit that is here. `git fetch` brings what others have.",
    example: "",
    exit: 2,
  },
  E362: {
    message: "the clone is shallow: what it has of the history does not reach to {base} ({from})",
    doc: "A clone that was made with a depth has only the last commits. Bring the others by `git fetch --unshallow`; in GitHub Actions set `fetch-depth: 0` for the checkout, in GitLab `GIT_DEPTH: 0`.",
    example: "",
    exit: 2,
  },
  E363: {
    message: "'{base}' ({from}) and HEAD have no commit in common",
    doc: "The histories are unrelated, so there is no point since which something could have changed. Give another base.",
    example: "",
    exit: 2,
  },
  E364: {
    message: "git can't say what has changed: {reason}",
    doc: "git is not installed, refuses the repository, or has failed. Run `git status` to see what it says.",
    example: "",
    exit: 2,
  },
  E365: {
    message: "can't read the list of changed files {path}: {reason}",
    doc: "`--files` takes a text file with one path a line, from the folder in which the command is given; `-` is stdin.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr affected build --files none.txt',
    exit: 2,
  },
  E366: {
    message: "the copy can't be made in {path}: {reason}",
    doc: "`zr prune` writes to an empty folder, or to one that it has written before, outside of all packages.",
    example: "",
    exit: 2,
  },
} as const satisfies CodeTable;
