import { rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Threads of zr, the first one being 0, that make outputs in a folder while something is done. */
export async function makingThreads(
  folder: string,
  work: () => Promise<unknown>,
): Promise<readonly number[]> {
  const threads = new Set<number>();
  const watcher = watch(folder, (_event, name) => {
    const number = /^\.zr-\d+-(\d+)\.tmp$/.exec(name ?? "")?.[1];
    if (number !== undefined) threads.add(Math.floor(Number(number) / 1e12));
  });
  await work();
  // Everything that has happened before is told before this is.
  await new Promise<void>((resolve) => {
    watcher.on("change", (_event, name) => (name === "end" ? resolve() : undefined));
    writeFileSync(join(folder, "end"), "");
  });
  watcher.close();
  rmSync(join(folder, "end"));
  return [...threads].sort();
}
