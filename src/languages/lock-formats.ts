import { bunLock } from "./bun-lock";
import { cargoLock } from "./cargo-lock";
import type { LockFormat } from "./lock-graph";
import { npmLock } from "./npm-lock";
import { pnpmLock } from "./pnpm-lock";
import { yarnLock } from "./yarn-lock";

const FORMATS: readonly LockFormat[] = [npmLock, pnpmLock, yarnLock, bunLock, cargoLock];

/** The format of a lock file by its name; undefined where it can't be read. */
export const lockFormat = (name: string): LockFormat | undefined =>
  FORMATS.find(({ names }) => names.includes(name));
