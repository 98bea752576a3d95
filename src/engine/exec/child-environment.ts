import type { RunId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import { commandText } from "./command-text";
import { instanceKey } from "./stop-sequence";

type Variables = Readonly<Record<string, string>>;

export interface ChildEnvironmentOptions {
  readonly id: RunId;
  readonly plan: Plan;
  /** Value of MAKEFLAGS for a command; undefined where no slots are shared. */
  readonly makeflagsFor: ((command: string) => string) | undefined;
}

/** What the commands of one run get in their environment: their own variables, and those that say where they run. */
export class ChildEnvironment {
  readonly #options: ChildEnvironmentOptions;
  /** By an instance's own variables, which most share: copying the system's record takes ten times as long as copying a copy. */
  readonly #bases = new WeakMap<Variables, Variables>();

  constructor(options: ChildEnvironmentOptions) {
    this.#options = options;
  }

  /** `values` are the instance's own; attempts count from 1. */
  of(instance: Instance, values: Variables, attempt: number): Variables {
    const { id, plan, makeflagsFor } = this.#options;
    let base = this.#bases.get(values);
    if (base === undefined)
      this.#bases.set(values, (base = { ...values, ZR_RUN_ID: id, ZR_ROOT: plan.root }));
    const pkg = plan.packages[instance.environment];
    const env: Record<string, string> = {
      ...base,
      ZR_INSTANCE_KEY: instanceKey(id, instance.id),
      ZR_TASK: instance.name,
      ZR_PACKAGE: instance.package,
      ZR_PACKAGE_NAME: pkg?.name ?? "",
      ZR_PACKAGE_PATH: pkg?.path ?? "",
      ZR_PACKAGE_DIR: instance.environment,
    };
    if (attempt > 1) env["ZR_ATTEMPT"] = String(attempt);
    // A task that sets the variable itself knows better, above all that its makefile can't run in parallel.
    if (makeflagsFor === undefined || setsMakeflags(instance, plan)) return env;
    const makeflags = makeflagsFor(commandText(instance));
    if (makeflags !== "") env["MAKEFLAGS"] = env["CARGO_MAKEFLAGS"] = makeflags;
    return env;
  }
}

function setsMakeflags(instance: Instance, plan: Plan): boolean {
  const shared = plan.environments[instance.environment]?.sources ?? [];
  return declareMakeflags(instance.env) || declareMakeflags(shared);
}

const declareMakeflags = (sources: Instance["env"]): boolean =>
  sources.some((source) => source.entries.some((entry) => entry.name === "MAKEFLAGS"));
