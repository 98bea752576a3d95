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

/** What `zr mcp` can do. */
export const MCP_ACTIONS: readonly string[] = ["serve", "install"];

/** What `zr ci` can do. */
export const CI_ACTIONS: readonly string[] = ["run", "generate", "list"];

/** What `zr template` can do. */
export const TEMPLATE_ACTIONS: readonly string[] = ["list", "show", "use", "new"];

/** What `zr tools` can do. */
export const TOOL_ACTIONS: readonly string[] = [
  "list",
  "install",
  "uninstall",
  "outdated",
  "upgrade",
  "which",
  "where",
  "ls-remote",
  "link",
  "prune",
];

/** The shells that can be completed in, and `install` in front of them. */
export const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;

export type Shell = (typeof SHELLS)[number];

export const isShell = (name: string | undefined): name is Shell => SHELLS.some((shell) => shell === name);
