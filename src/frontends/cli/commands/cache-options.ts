import type { ActionsOf } from "#frontends/cli/stray-option";

const ENTRIES: readonly string[] = ["ls", "clean"];
const SERVER: readonly string[] = ["serve"];

/** The actions of `zr cache` that an option means something to. */
export const CACHE_OPTIONS: ActionsOf = {
  task: ENTRIES,
  older: ENTRIES,
  all: ["clean"],
  out: ["get"],
  listen: SERVER,
  dir: SERVER,
  token: SERVER,
  "read-token": SERVER,
  "tls-cert": SERVER,
  "tls-key": SERVER,
  "max-size": SERVER,
};
