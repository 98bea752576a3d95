import type { OptionValues } from "#frontends/cli/command";

const ENTRIES: readonly string[] = ["ls", "clean"];
const SERVER: readonly string[] = ["serve"];

/** The actions of `zr cache` that an option means something to. */
const ACTIONS_OF: Readonly<Record<string, readonly string[]>> = {
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

/** An option that was given and means nothing to an action of `zr cache`, so that nobody thinks that it was heeded. */
export const strayOption = (action: string, options: OptionValues): string | undefined =>
  Object.keys(ACTIONS_OF).find(
    (name) => options[name] !== undefined && ACTIONS_OF[name]?.includes(action) === false,
  );
