import { creationMask } from "#system/fs/creation-mask";
import { blockingFileSystem } from "#system/runtime-modules";
import { drawNumber } from "#system/fs/draw-number";

/** A name beside `path` for what is to take its place. */
export function besideOf(path: string): string {
  return `${path.slice(0, path.lastIndexOf("/"))}/.zr-${process.pid}-${drawNumber()}.tmp`;
}

/** Puts a whole file in place of whatever file or link is there. Its folder has to exist. Throws the system's error. */
export function placeBytes(path: string, bytes: Uint8Array, mode: number): void {
  const { chmodSync, renameSync, rmSync, writeFileSync } = blockingFileSystem();
  const temporary = besideOf(path);
  try {
    writeFileSync(temporary, bytes, { flag: "wx", mode });
    if ((mode & ~creationMask() & 0o777) !== mode) chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same for a link. */
export function placeLink(path: string, target: string): void {
  const { renameSync, rmSync, symlinkSync } = blockingFileSystem();
  const temporary = besideOf(path);
  try {
    symlinkSync(target, temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function moveTo(from: string, to: string): void {
  blockingFileSystem().renameSync(from, to);
}

/** Makes one folder, its parent being there; false where something else has the name. Throws the system's error. */
export function makeFolder(path: string): boolean {
  const { lstatSync, mkdirSync } = blockingFileSystem();
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  }
}

/** Removes a file or link; one that is gone is fine. Throws the system's error. */
export function removeFile(path: string): void {
  blockingFileSystem().rmSync(path, { force: true });
}

/** Removes a folder where nothing is in it. */
export function removeEmptyFolder(path: string): void {
  try {
    blockingFileSystem().rmdirSync(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

export function setMode(path: string, mode: number): void {
  blockingFileSystem().chmodSync(path, mode);
}
