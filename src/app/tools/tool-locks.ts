import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { readValues } from "#core/config/toml/read-values";
import { EMPTY_LOCK, readLock } from "#core/toolchain/lock-file";
import type { LockFile } from "#core/toolchain/lock-file";
import { readText } from "#system/fs/read-text";

/** Reads a lock; where there is no file it is empty. */
export async function readLockFile(path: string): Promise<Result<LockFile, Diagnostic>> {
  const read = await readText(path);
  if (read.kind === "missing") return ok(EMPTY_LOCK);
  if (read.kind !== "text") return err(unusable(path, "it can't be read"));
  // Also what is read while another process puts the first one in its place.
  if (read.text === "") return ok(EMPTY_LOCK);
  const values = readValues(read.text);
  if (!values.ok) return err(unusable(path, "it is no TOML"));
  const lock = readLock(values.value);
  return lock.ok ? lock : err(unusable(path, lock.error));
}

const unusable = (file: string, reason: string): Diagnostic => ({
  code: "E419",
  severity: "error",
  data: { file, reason },
});
