import { basename } from "#base/path";

/** Whether the keys of a file are those of `zr.toml`. The list of several repositories has others, in a file of its own. */
export const isConfiguration = (path: string): boolean => basename(path) !== "zr-repos.toml";
