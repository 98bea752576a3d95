import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { messageText } from "#base/message";
import type { OwnCheck } from "#core/onboard/doctor-settings";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { SetupState } from "#engine/onboard/setup-state";
import type { LoadOptions } from "#app/load-workspace";
import { diagnosticCodes } from "#app/diagnostic-codes";
import { maskOf } from "#app/operations/env";
import { resolvePackageEnvironment } from "#app/operations/package-environment";
import type { Host } from "#system/host";
import type { Guard } from "#system/process/guard";

/** What the parts of a setup work with. */
export interface SetupContext {
  readonly workspace: Workspace;
  readonly load: LoadOptions;
  readonly host: Host;
  readonly state: SetupState;
  readonly guard: Guard;
  /** The checks of `[doctor.checks]`, by name. */
  readonly checks: ReadonlyMap<string, OwnCheck>;
  /** Path of the program to start tasks with. */
  readonly program: string;
  /** Whether what was done before is done again. */
  readonly isForced: boolean;
}

/** The environment of a package and what takes its secrets out of a text. */
export interface StepEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly mask: (text: string) => string;
}

/** The environment that commands for a package run in, with the tools that are installed by now. */
export async function stepEnvironment(
  pkg: Package,
  { workspace, host }: Pick<SetupContext, "workspace" | "host">,
): Promise<Result<StepEnvironment, readonly Diagnostic[]>> {
  const made = await resolvePackageEnvironment({ workspace, pkg, host, flags: {} });
  if (!made.ok) return made;
  const show = maskOf([made.value]);
  return ok({
    env: {
      ...made.value.values,
      ZR_ROOT: workspace.root,
      ZR_PACKAGE: pkg.prefix,
      ZR_PACKAGE_DIR: pkg.dir,
    },
    mask: (text) => show("", text),
  });
}

/** Problems as one line of text. */
export const problemLine = (problems: readonly Diagnostic[]): string =>
  problems.map((problem) => messageText(diagnosticCodes, problem)).join("; ");

/** The package that lies in a folder; the root's where there is none. */
export const packageAt = ({ packages, rootPackage }: Workspace, dir: string): Package =>
  [...packages.values()].find((pkg) => pkg.dir === dir) ?? rootPackage;

/** The environment as a failure of whatever needs it. */
export async function environmentOrReason(
  pkg: Package,
  context: Pick<SetupContext, "workspace" | "host">,
): Promise<Result<StepEnvironment, string>> {
  const made = await stepEnvironment(pkg, context);
  return made.ok ? made : err(problemLine(made.error));
}
