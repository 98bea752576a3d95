import type { ActionsOf } from "#frontends/cli/stray-option";

/** Options of `zr run` that `zr workspace run` hands on. */
export const HANDED_ON = [
  "filter",
  "only",
  "keep-going",
  "kill-on-fail",
  "output",
  "raw",
  "events",
  "set",
  "env",
  "no-exit-code",
  "no-shell-expr",
] as const;

/** The actions of `zr workspace` that an option means something to. */
export const WORKSPACE_OPTIONS: ActionsOf = {
  ...Object.fromEntries(HANDED_ON.map((name) => [name, ["run"]])),
  filter: ["list", "graph", "run"],
  focus: ["graph"],
  reverse: ["graph"],
  depth: ["graph"],
};
