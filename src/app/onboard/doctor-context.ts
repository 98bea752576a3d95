import type { DoctorSettings } from "#core/onboard/doctor-settings";
import type { SetupSettings } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import type { LoadOptions } from "#app/load-workspace";
import type { Host } from "#system/host";
import type { Guard } from "#system/process/guard";

/** What checks of a workspace work with. */
export interface DoctorContext {
  readonly workspace: Workspace;
  readonly load: LoadOptions;
  readonly host: Host;
  readonly setup: SetupSettings;
  readonly doctor: DoctorSettings;
  /** Path of the program that runs. */
  readonly program: string;
  readonly signal: AbortSignal;
  readonly guard: Guard;
}
