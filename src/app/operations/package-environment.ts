import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { sharedEnvironment } from "#core/plan/env-sources";
import type { Package, Workspace } from "#core/workspace/workspace";
import { resolveEnvironmentWithCommands } from "#engine/env/layers";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { defaultSecretPatterns } from "#engine/env/secrets";
import { sourceFiles, sourceLayers } from "#engine/env/source-layers";
import { commandRunner } from "#app/command-runner";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";

export interface PackageEnvironmentRequest {
  readonly workspace: Workspace;
  readonly pkg: Package;
  readonly host: Host;
  readonly flags: Readonly<Record<string, string>>;
}

/** The environment that every task of a package starts from, with zr's own variables. */
export async function environmentsOfPackage(
  request: PackageEnvironmentRequest,
): Promise<Result<Readonly<Record<string, string>>, readonly Diagnostic[]>> {
  const { workspace, pkg } = request;
  const made = await resolvePackageEnvironment(request);
  return made.ok
    ? ok({ ...made.value.values, ZR_ROOT: workspace.root, ZR_PACKAGE: pkg.prefix, ZR_PACKAGE_DIR: pkg.dir })
    : made;
}

/** As `environmentsOfPackage`, with all that is known of where each value comes from. */
export async function resolvePackageEnvironment({
  workspace,
  pkg,
  host,
  flags,
}: PackageEnvironmentRequest): Promise<Result<ResolvedEnvironment, readonly Diagnostic[]>> {
  const shared = sharedEnvironment(pkg.config, workspace.root);
  const contents = new Map<string, string>();
  for (const path of sourceFiles(shared.sources)) {
    const read = await readText(path);
    if (read.kind === "text") contents.set(path, read.text);
  }
  const { layers, problems } = sourceLayers(shared.sources, contents);
  const all = [
    { name: "system" as const, values: host.env },
    ...layers,
    { name: "flag" as const, entries: Object.entries(flags).map(([name, value]) => ({ name, value })) },
  ];
  const secretNames = workspace.current.config.global.secret_names ?? [];
  const env = await resolveEnvironmentWithCommands(all, commandRunner(host, workspace.root), {
    envMode: shared.mode,
    passEnv: shared.passEnv,
    windows: host.os === "windows",
    ...(secretNames.length === 0 ? {} : { secretPatterns: [...defaultSecretPatterns, ...secretNames] }),
  });
  const errors = [...problems, ...env.problems].filter((problem) => problem.severity === "error");
  return errors.length > 0 ? err(errors) : ok(env);
}
