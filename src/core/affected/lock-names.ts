import { basename } from "#base/path";
import { LOCK_FILES } from "#core/model/package-manager";

/** Lock files that can be read for what they say about each package. */
const NAMES: ReadonlySet<string> = new Set([...LOCK_FILES.map(([name]) => name), "Cargo.lock"]);

/** Whether a path is that of a lock file by its name. */
export const mayBeLock = (path: string): boolean => NAMES.has(basename(path));
