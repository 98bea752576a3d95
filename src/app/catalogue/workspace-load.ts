import type { LoadedWorkspace } from "#app/load-workspace";
import type { PlanInput } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import type { Result } from "#base/result";
import type { OperationContext } from "./operation";

export const load = (context: OperationContext): Promise<Result<LoadedWorkspace, Problems>> => context.load();

/** Where the configuration is read from, and how. */
export const loadOptions = ({
  cwd,
  host,
  configPath,
  profile,
}: Pick<OperationContext, "cwd" | "host" | "configPath" | "profile">) => ({
  cwd,
  env: host.env,
  ...(configPath === undefined ? {} : { configPath }),
  ...(profile === undefined ? {} : { profile }),
});

/** What planning needs to know of whoever asks: a program, without a terminal. */
export const planBase = (context: OperationContext): Omit<PlanInput, "words"> => ({
  host: context.host,
  ...loadOptions(context),
  extra: [],
  only: false,
  env: {},
  vars: {},
  isTerminal: false,
  ...(context.jobs === undefined ? {} : { jobs: context.jobs }),
  ...((context.host.env["ZR_NO_SHELL_EXPR"] ?? "") === ""
    ? {}
    : { shellRefusal: "it is switched off by ZR_NO_SHELL_EXPR" }),
});
