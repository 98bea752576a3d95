import { replaceFile } from "#system/fs/file-entry";
import { readBytesAtOnce } from "#system/fs/read-at-once";
import { which } from "#system/which";
import type { JobserverStyle } from "./makeflags";

export interface MakeLookup {
  /** The PATH of the children. */
  readonly path: string;
  readonly cwd: string;
  /** An existing folder that keeps the answer from run to run. */
  readonly cacheFolder: string;
}

const MEMO_NAME = "make-jobserver";
const STYLES: readonly JobserverStyle[] = ["fifo", "pipe", "fds"];

/**
 * The form of jobserver that the `make` on PATH understands: GNU make before 4.4 stops with an error at the form with a
 * path, which all others prefer. The answer is remembered with the file's path, size and time, so that make is asked
 * for its version once.
 */
export async function makeStyle({ path, cwd, cacheFolder }: MakeLookup): Promise<JobserverStyle> {
  const make = which("make", { path, cwd });
  if (make === undefined) return "fifo";
  const memo = `${cacheFolder}/${MEMO_NAME}`;
  const { size, mtimeMs } = await Bun.file(make).stat();
  const key = `${make}\t${size}\t${mtimeMs}\t`;
  const remembered = textOf(memo);
  const known = STYLES.find((style) => remembered === `${key}${style}\n`);
  if (known !== undefined) return known;
  const style = styleOfVersion(await versionText(make));
  // Without a cache folder it is asked again next time.
  replaceFile(memo, `${key}${style}\n`);
  return style;
}

/** Not noted as read: nothing but a question to make depends on it. */
function textOf(memo: string): string {
  try {
    return new TextDecoder().decode(readBytesAtOnce(memo));
  } catch {
    return "";
  }
}

/** The style for a make that describes itself so; anything but GNU make has no use for either. */
export function styleOfVersion(text: string): JobserverStyle {
  const version = /GNU Make (\d+)\.(\d+)/.exec(text);
  if (version === null) return "fifo";
  const release = Number(version[1]) * 100 + Number(version[2]);
  if (release >= 404) return "fifo";
  return release >= 402 ? "pipe" : "fds";
}

async function versionText(make: string): Promise<string> {
  try {
    const asked = Bun.spawn([make, "--version"], { stdio: ["ignore", "pipe", "ignore"], timeout: 5000 });
    return await asked.stdout.text();
  } catch {
    // It can't be started: nobody will use it.
    return "";
  }
}
