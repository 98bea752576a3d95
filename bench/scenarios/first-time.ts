import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "./scenario";

/** What zr keeps of a request for the next time, by folder of its cache. */
const KEPT = ["runs", "listings"];

/** The same as a first time: nothing that zr knows of the request is there. */
export function firstTime(contender: Contender): Contender {
  const cache = join(contender.cwd, ".first-time");
  const folders = KEPT.map((name) => join(cache, "zr", name));
  return {
    ...contender,
    name: `${contender.name}, first time`,
    env: { ...contender.env, XDG_CACHE_HOME: cache },
    prepare: () => {
      contender.prepare?.();
      for (const folder of folders) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true, mode: 0o700 });
      }
    },
  };
}
