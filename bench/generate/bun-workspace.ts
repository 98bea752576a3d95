/** A package of a workspace, and its folder from the root. */
interface WorkspacePackage {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What the root manifest of a workspace says of its package manager: the bun that measures. */
export const PACKAGE_MANAGER = `bun@${Bun.version}`;

/** The `bun.lock` of a workspace whose packages depend on nothing but each other. */
export function bunLock(packages: readonly WorkspacePackage[]): string {
  const workspaces: Record<string, unknown> = { "": { name: "bench" } };
  const found: Record<string, unknown> = {};
  for (const { name, folder, dependencies } of packages) {
    workspaces[folder] = { name, version: "1.0.0", dependencies };
    found[name] = [`${name}@workspace:${folder}`];
  }
  return JSON.stringify({ lockfileVersion: 1, workspaces, packages: found }, null, 2);
}
