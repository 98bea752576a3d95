/** What `zr alias` can do. */
export const ALIAS_ACTIONS: readonly string[] = ["list", "set", "remove"];

/** What `zr artifacts` can do. */
export const ARTIFACT_ACTIONS: readonly string[] = ["list", "get", "clean"];

/** What `zr cache` can do. */
export const CACHE_ACTIONS: readonly string[] = [
  "status",
  "ls",
  "get",
  "clean",
  "prune",
  "verify",
  "audit",
  "push",
  "pull",
  "serve",
];

/** The shells that can be completed in, and `install` in front of them. */
export const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;

export type Shell = (typeof SHELLS)[number];

export const isShell = (name: string | undefined): name is Shell => SHELLS.some((shell) => shell === name);

/** First words of commands that have a few. */
export const FIRST_WORDS: Readonly<Record<string, readonly string[]>> = {
  alias: ALIAS_ACTIONS,
  artifacts: ARTIFACT_ACTIONS,
  cache: CACHE_ACTIONS,
  completion: [...SHELLS, "install"],
};
