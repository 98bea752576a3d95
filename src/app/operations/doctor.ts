import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { cacheSettings, localCacheFolder } from "#core/cache/cache-settings";
import { doctorSettings } from "#core/onboard/doctor-settings";
import { setupSettings } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import {
  cgroupCheck,
  diskCheck,
  dockerCheck,
  gitCheck,
  pathCheck,
  portsCheck,
  watchLimitCheck,
} from "#engine/onboard/machine-checks";
import { runChecks } from "#engine/onboard/run-checks";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { configCheck } from "#app/onboard/config-check";
import type { DoctorContext } from "#app/onboard/doctor-context";
import { composeFile } from "#app/onboard/services-unit";
import { programsCheck } from "#app/onboard/programs-check";
import { toolsCheck } from "#app/onboard/tools-check";
import { versionsCheck } from "#app/onboard/versions-check";
import {
  cacheChecks,
  depsCheck,
  envCheck,
  hooksCheck,
  ownChecks,
  shellCheck,
} from "#app/onboard/workspace-checks";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import { toolsPlace } from "#app/tools/tool-setting";
import type { Host } from "#system/host";
import { startGuard } from "#system/process/guard";
import type { Guard } from "#system/process/guard";
import { selfPath } from "#system/process/self";
import { randomKey } from "#system/random-key";

/** All checks, in the order in which they are shown. */
export const CHECKS = [
  "config",
  "tools",
  "deps",
  "env",
  "checks",
  "ports",
  "docker",
  "git",
  "hooks",
  "cache",
  "disk",
  "path",
  "shell",
  "watch",
  "limits",
] as const;

export interface DoctorRequest {
  readonly load: LoadOptions;
  readonly host: Host;
  /** Names of checks, or of what they are about; none: all. */
  readonly only: readonly string[];
  readonly isFix: boolean;
  /** No command of the configuration is run. */
  readonly asksOnly?: boolean;
  readonly signal: AbortSignal;
}

/** What was done about a finding. */
export interface Mended {
  readonly check: string;
  readonly name: string;
  readonly isDone: boolean;
  /** What was done, or why it could not be. */
  readonly detail: string;
}

export interface Diagnosis {
  /** In the order of the checks; as it is after what was mended. */
  readonly findings: readonly Finding[];
  readonly mended: readonly Mended[];
}

/**
 * Looks at the machine and the working copy. A configuration that can't be read is a finding as any other; then only what
 * does not depend on it is looked at. With `isFix` what can be mended without harm is, and everything is looked at again.
 */
export async function diagnose(request: DoctorRequest): Promise<Result<Diagnosis, Problems>> {
  const guard = startGuard({ runId: randomKey(), stayMs: 0 });
  try {
    return await diagnoseWith(request, guard);
  } finally {
    guard.close();
  }
}

async function diagnoseWith(request: DoctorRequest, guard: Guard): Promise<Result<Diagnosis, Problems>> {
  const { load, host, signal } = request;
  const loaded = await loadWorkspace(load);
  const workspace = loaded.ok ? loaded.value.workspace : undefined;
  const context =
    workspace === undefined
      ? undefined
      : {
          workspace,
          load,
          host,
          setup: setupSettings(workspace.rootPackage.config.files),
          doctor: doctorSettings(workspace.rootPackage.config.files),
          program: selfPath(),
          signal,
          guard,
        };
  const wrong = unknownNames(request.only, context);
  if (wrong !== undefined) return err(wrong);
  const checks = await checksOf(request, context);
  const isShown = ({ check, name }: Finding): boolean =>
    (request.only.length === 0 || request.only.includes(check) || request.only.includes(name)) &&
    !(context?.doctor.skip.includes(name) ?? false);
  const look = async (some: readonly DoctorCheck[]): Promise<readonly Finding[]> =>
    (await runChecks(some, signal)).filter(isShown);
  const findings = await look(checks);
  const broken = findings.filter(({ state }) => state === "failed" || state === "warning");
  if (!request.isFix || broken.length === 0) return ok({ findings: sorted(findings), mended: [] });
  const mended = await mendAll(broken, signal);
  const again = mended.some(({ isDone }) => isDone) ? await look(checks) : findings;
  return ok({ findings: sorted(again), mended });
}

/** One after the other: one may be what the next one needs. What several findings have in common is done once. */
async function mendAll(findings: readonly Finding[], signal: AbortSignal): Promise<readonly Mended[]> {
  const done = new Map<NonNullable<Finding["mend"]>, Result<string, string>>();
  const mended: Mended[] = [];
  for (const { check, name, mend } of sorted(findings)) {
    if (mend === undefined || signal.aborted) continue;
    let result = done.get(mend);
    if (result === undefined) done.set(mend, (result = await mend(signal)));
    mended.push({ check, name, isDone: result.ok, detail: result.ok ? result.value : result.error });
  }
  return mended;
}

const rankOf = ({ check }: Finding): number => CHECKS.findIndex((name) => name === check);
const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => rankOf(a) - rankOf(b));

async function checksOf(
  { load, host, only, asksOnly, signal }: DoctorRequest,
  context: DoctorContext | undefined,
): Promise<readonly DoctorCheck[]> {
  const root = context?.workspace.root ?? load.cwd;
  const program = selfPath();
  const compose = await composeFile(root);
  const all: readonly DoctorCheck[] = [
    configCheck(load, host),
    gitCheck(host, root, signal),
    pathCheck(host, program),
    diskCheck(foldersOf(host, context)),
    watchLimitCheck,
    cgroupCheck,
    dockerCheck(host, root, { wantedBy: compose, signal }),
    ...(context === undefined
      ? []
      : [
          toolsCheck(context),
          versionsCheck(context),
          programsCheck(context),
          depsCheck(context),
          envCheck(context),
          ...ownChecks(context, asksOnly ?? false),
          portsCheck(portsOf(context)),
          hooksCheck(context),
          ...cacheChecks(context),
          shellCheck(context),
        ]),
  ];
  const skipped = context?.doctor.skip ?? [];
  const ownNames = context?.doctor.checks.map(({ name }) => name) ?? [];
  // The name of one's own check asks for the group that it is in; what is shown of that is chosen later.
  const isAsked = (name: string): boolean =>
    only.length === 0 ||
    only.includes(name) ||
    (name === "checks" && only.some((one) => ownNames.includes(one)));
  return all.filter(({ name }) => isAsked(name) && !skipped.includes(name));
}

function unknownNames(only: readonly string[], context: DoctorContext | undefined): Problems | undefined {
  const known = [...CHECKS, ...(context?.doctor.checks.map(({ name }) => name) ?? [])];
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  return plainProblems(
    ...unknown.map((name): Diagnostic => ({
      code: "E626",
      severity: "error",
      data: { what: "check", name },
      suggestions: suggest(name, known),
    })),
  );
}

/** What zr writes to, by what it is for. */
function foldersOf(host: Host, context: DoctorContext | undefined): ReadonlyMap<string, string> {
  const folders = new Map([["tools", toolsPlace(host).folder]]);
  if (context === undefined) return folders;
  const { workspace } = context;
  folders.set("workspace", workspace.root);
  const settings = cacheSettings(workspace);
  const cache = localCacheFolder(settings.localDir, { root: workspace.root, os: host.os, env: host.env });
  if (cache !== undefined) folders.set("cache", cache);
  return folders;
}

/** Ports that the configuration speaks of: those of `[doctor]`, and those on which tasks say they are ready. */
function portsOf({ workspace, doctor }: DoctorContext): ReadonlyMap<number, string> {
  const ports = new Map(doctor.ports.map((port) => [port, "[doctor] ports"]));
  for (const pkg of workspace.packages.values())
    for (const entry of pkg.config.tasks.values()) {
      const { ready } = pkg.resolve(entry).table;
      const port = portOf(ready?.tcp) ?? portOf(ready?.http);
      if (port !== undefined && !ports.has(port)) ports.set(port, taskName(pkg, entry.name));
    }
  return ports;
}

const taskName = ({ prefix }: Workspace["rootPackage"], name: string): string =>
  prefix === "" ? name : `${prefix}:${name}`;

/** The port of an address on this machine, written out. */
function portOf(address: string | undefined): number | undefined {
  const found = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])?:(\d{1,5})(?:\/|$)/.exec(
    address ?? "",
  );
  const port = Number(found?.[1]);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
