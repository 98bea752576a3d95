import { suggest } from "#base/suggest";

/** What people ask for by another name, as other tools have it or as one would say it: the words after `zr`. */
const MEANT: Readonly<Record<string, string>> = {
  bootstrap: "setup",
  changed: "affected",
  check: "validate",
  convert: "init",
  describe: "show",
  format: "fmt",
  info: "show",
  inspect: "show",
  install: "setup",
  migrate: "init",
  plan: "run --dry-run",
  repeat: "rerun",
  report: "analytics",
  retry: "rerun --failed",
  search: "list",
  start: "run",
  stats: "analytics",
  status: "history",
  tasks: "list",
  tree: "graph",
  ui: "tui",
  update: "upgrade",
  why: "explain",
};

/** Commands that a word which is none may stand for: what is meant by it elsewhere, else those that are spelt alike. */
export function nearCommands(word: string, names: Iterable<string>): readonly string[] {
  const meant = Object.hasOwn(MEANT, word) ? MEANT[word] : undefined;
  return meant === undefined ? suggest(word, names) : [meant];
}
