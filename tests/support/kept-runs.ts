import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project";

/** Where zr keeps runs and plans for this project. */
export const keptRunsFolder = (project: Project): string => join(project.folders.cache, "zr", "runs");

/** Absolute paths of what is kept of runs; none where nothing is. */
export function keptRuns(project: Project): readonly string[] {
  try {
    return readdirSync(keptRunsFolder(project)).map((name) => join(keptRunsFolder(project), name));
  } catch {
    return [];
  }
}

/** How a run ended and what it showed. */
export interface Shown {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export const run = (project: Project, ...words: readonly string[]): Promise<Shown> =>
  project.zr("run", ...words).result();

/** Until the file system's clock has gone on so far that what was written before is told from what is written next. */
export function letFilesAge(project: Project): void {
  const clock = (): number => {
    const path = join(project.folders.tmp, "clock");
    writeFileSync(path, "");
    return statSync(path).ctimeMs;
  };
  const began = clock();
  while (clock() < began + 60);
}
