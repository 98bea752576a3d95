import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "bun:test";

/** Why something of a machine that a test needs is not there; undefined where it is. */
export type Absence = string | undefined;

/** `test`, left out where something is absent, with the reason behind its title. */
export const testUnless =
  (absence: Absence) =>
  (title: string, body: () => void | Promise<void>, timeoutMs?: number): void =>
    test.skipIf(absence !== undefined)(titled(title, absence), body, timeoutMs);

/** The same of `describe`. */
export const describeUnless =
  (absence: Absence) =>
  (title: string, body: () => void): void =>
    describe.skipIf(absence !== undefined)(titled(title, absence), body);

const titled = (title: string, absence: Absence): string =>
  absence === undefined ? title : `${title} (left out: ${absence})`;

/** Programs that have to be on PATH. */
export function without(...programs: readonly string[]): Absence {
  const missing = programs.filter((program) => Bun.which(program) === null);
  return missing.length === 0 ? undefined : `no ${missing.join(", no ")} here`;
}

/** Systems that it is written for. */
export const notOn = (...platforms: readonly NodeJS.Platform[]): Absence =>
  platforms.includes(process.platform) ? undefined : `not on ${process.platform}`;

/** Root may do what everybody else is refused. */
export const asRoot = (): Absence => (process.getuid?.() === 0 ? "nothing is refused to root" : undefined);

/** A small file system in memory that a test mounts somewhere: not everybody may, and not everywhere. */
export function withoutMounts(): Absence {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root mounts, on Linux";
  const folder = mkdtempSync(join(tmpdir(), "zr-test-mount-"));
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).exitCode === 0;
  if (mounted) Bun.spawnSync(["umount", folder]);
  rmdirSync(folder);
  return mounted ? undefined : "nothing can be mounted here";
}

/** What something that could not be started says of that. */
export const absenceOf = (started: object | undefined): Absence =>
  started === undefined
    ? "nobody has started it"
    : "unavailable" in started
      ? String(started.unavailable)
      : undefined;

/** Tools that the mirror of real distributions could not get. */
export const notInMirror = (
  { made, failed }: { readonly made: readonly string[]; readonly failed: Readonly<Record<string, string>> },
  ...names: readonly string[]
): Absence => {
  const missing = names.find((name) => !made.includes(name));
  return missing === undefined
    ? undefined
    : `no ${missing} in the mirror: ${failed[missing] ?? "not asked for"}`;
};
