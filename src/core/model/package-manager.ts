/** A program that installs what a package.json needs and runs its scripts. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** Lock files by package manager. */
export const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** Names of the lock files of one package manager. */
export const lockFilesOf = (manager: PackageManager): readonly string[] =>
  LOCK_FILES.flatMap(([name, of]) => (of === manager ? [name] : []));

/**
 * The package manager of a folder, undefined where nothing tells.
 *
 * @param field what package.json says under `packageManager`, as `pnpm@9.1.0`.
 * @param isThere whether the folder has a file of that name.
 */
export function packageManagerOf(
  field: string | undefined,
  isThere: (name: string) => boolean,
): PackageManager | undefined {
  const declared = field?.split("@", 1)[0];
  const known =
    LOCK_FILES.find(([, manager]) => manager === declared) ?? LOCK_FILES.find(([file]) => isThere(file));
  return known?.[1];
}
