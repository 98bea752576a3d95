import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { SharedEnvironment } from "#core/model/plan";
import { sharedEnvironment } from "#core/plan/shared-environment";
import type { Package, Workspace } from "#core/workspace/workspace";
import { resolveEnvironmentWithCommands } from "#engine/env/layers";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { defaultSecretPatterns } from "#engine/env/secrets";
import { sourceFiles, sourceLayers } from "#engine/env/source-layers";
import { commandRunner } from "#app/command-runner";
import type { ToolGate } from "#app/tools/ensure-tools";
import { mentionsTools } from "#app/tools/mentions-tools";
import { projectSource } from "#app/tools/project-folders";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";

export interface PackageEnvironmentRequest {
  readonly workspace: Workspace;
  readonly pkg: Package;
  readonly host: Host;
  readonly flags: Readonly<Record<string, string>>;
  /** How missing tools are gone about; not given: they are left out. */
  readonly tools?: () => Promise<ToolGate>;
  /** For a shell, which keeps what it has: nothing of the system's variables is left out as it is for tasks. */
  readonly keepsSystem?: true;
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
export async function resolvePackageEnvironment(
  request: PackageEnvironmentRequest,
): Promise<Result<ResolvedEnvironment, readonly Diagnostic[]>> {
  const { workspace, pkg, host, flags } = request;
  const wrong: Diagnostic[] = [];
  const own = sharedEnvironment(pkg, { root: workspace.root, os: host.os, problems: wrong });
  if (wrong.length > 0) return err(wrong);
  const withTools = await equipped(housed(own, request), request);
  if (!withTools.ok) return withTools;
  const shared = withTools.value;
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
  const env = await resolveEnvironmentWithCommands(all, commandRunner(host, workspace.root).run, {
    envMode: request.keepsSystem === true ? "inherit" : shared.mode,
    passEnv: shared.passEnv,
    windows: host.os === "windows",
    ...(secretNames.length === 0 ? {} : { secretPatterns: [...defaultSecretPatterns, ...secretNames] }),
  });
  const found = env.withProblems(problems);
  const errors = found.problems.filter((problem) => problem.severity === "error");
  return errors.length > 0 ? err(errors) : ok(found);
}

/** The layers of a package with what is installed in it below them. */
function housed(
  shared: SharedEnvironment,
  { workspace, pkg, host }: PackageEnvironmentRequest,
): SharedEnvironment {
  const source = projectSource(pkg, workspace, host);
  return source === undefined ? shared : { ...shared, sources: [source, ...shared.sources] };
}

/** The layers of a package with those of its tools below them. */
async function equipped(
  shared: SharedEnvironment,
  { workspace, pkg, host, tools }: PackageEnvironmentRequest,
): Promise<Result<SharedEnvironment, readonly Diagnostic[]>> {
  if (!mentionsTools(pkg.config)) return ok(shared);
  const { packageToolSource } = await import("#app/tools/package-tool-source");
  const source = await packageToolSource(pkg, { host, root: workspace.root }, tools);
  if (!source.ok) return source;
  return ok(source.value === undefined ? shared : { ...shared, sources: [source.value, ...shared.sources] });
}
