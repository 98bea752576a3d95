import type { CodeTable } from "#core/model/diagnostic-codes";

const APP = '[package]\nname = "app"\n\n[tasks.build]\ncmd = "true"';

/** Codes of commands that choose packages. */
export const packageDiagnosticCodes = {
  E372: {
    message: "can't make sense of the filter '{filter}': {problem}",
    doc: "A filter is a name or a glob of names, a path (`./packages/*`), a tag (`{web}`), what has changed (`[main]`), or several of them together. `...` behind it adds what it depends on, `...` before it what depends on it, `^` beside the dots leaves out the package itself, `!` takes packages away.",
    example: `${APP}\n\n$ zr run build --filter ...`,
    exit: 2,
  },
  E373: {
    message: "the filter '{filter}' means no package",
    doc: "No package has such a name, path or tag. `zr workspace list` shows all of them.",
    example: `${APP}\n\n$ zr run build --filter ap`,
    exit: 2,
  },
  E374: {
    message: "none of the selected packages has task '{task}'",
    doc: "The filters mean packages, and some other package has the task, but none of these.",
    example: `${APP}\n\n$ zr run build --filter '!*'`,
    exit: 2,
  },
  E375: {
    message: "there is no package '{name}'",
    doc: "`zr workspace list` shows the packages and their names.",
    example: `${APP}\n\n$ zr workspace info ap`,
    exit: 2,
  },
  E377: {
    message: "no task has the tag '{tag}'",
    doc: "A tag chooses tasks by their `tags`. `zr list --where '\"web\" in tags'` shows the tasks that have one.",
    example: `${APP}\ntags = ["web"]\n\n$ zr run --tag wbe`,
    exit: 2,
  },
} as const satisfies CodeTable;
