import type { Result } from "#base/result";
import { err } from "#base/result";
import type { RunEventBody } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { monotonicMs } from "#system/clock/clock";
import type { RunScopes } from "#system/cgroup/run-scopes";
import type { Confinement } from "./confinement";
import type { MachineLimits, ResourcesTaken, RunningCommand } from "./resource-types";
import type { ResourceWatch } from "./resource-watch";

export interface ResourceOptions extends MachineLimits {
  /** Emit samples from the start of the run to its end. */
  readonly monitor?: boolean;
  /** Tell how limits are kept. */
  readonly verbose?: boolean;
  /** Limit by control groups where they can be used; true where nothing is said. */
  readonly cgroups?: boolean;
}

export interface RunResourcesParts {
  readonly run: RunId;
  readonly options: ResourceOptions;
  readonly emit: (event: RunEventBody) => void;
  /** Is told of the control groups of the run, to clear them where zr is killed. */
  readonly guard: { readonly scopes: (prefix: string) => void };
}

/** What the commands of a run take and may take. Until somebody asks or limits, it only keeps their numbers. */
export class RunResources {
  readonly #parts: RunResourcesParts;
  readonly #told = new Set<string>();
  readonly #running = new Map<number, RunningCommand>();
  #watch: Promise<ResourceWatch> | undefined;
  #scopes: Promise<RunScopes | undefined> | undefined;
  #nextCpu = 0;

  constructor(parts: RunResourcesParts) {
    this.#parts = parts;
  }

  get limits(): MachineLimits {
    return this.#parts.options;
  }

  get run(): RunId {
    return this.#parts.run;
  }

  started(id: InstanceId, pid: number): void {
    this.#running.set(pid, { id, startedAt: monotonicMs() });
  }

  /** What the command took, where its run is being watched. */
  async ended(id: InstanceId, pid: number): Promise<ResourcesTaken | undefined> {
    this.#running.delete(pid);
    return this.#watch === undefined ? undefined : (await this.#watch).taken(id);
  }

  /** A way to start one command of an instance within its limits. */
  async confine(instance: Instance): Promise<Confinement> {
    const { confine } = await import("./confinement");
    return confine(instance, this);
  }

  /** The watch over all processes of the run; made when first asked for. */
  watch(): Promise<ResourceWatch> {
    this.#watch ??= this.#makeWatch();
    return this.#watch;
  }

  /** Emits samples until the result is called. */
  async sample(): Promise<() => void> {
    const watch = await this.watch();
    return watch.listen((sample) => this.#parts.emit({ type: "resources.sampled", ...sample }));
  }

  /** Where scopes for commands can be made; undefined where control groups can't be used. */
  scopes(): Promise<RunScopes | undefined> {
    this.#scopes ??= this.#openScopes();
    return this.#scopes;
  }

  /** Another CPU at each call, so that commands that are kept to few of them do not meet on the same. */
  nextCpu(): number {
    this.#nextCpu += 1;
    return this.#nextCpu - 1;
  }

  /** Says once what a system has no way for. */
  tellMissing(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#parts.emit({ type: "note", level: "warn", text });
  }

  async close(): Promise<void> {
    if (this.#watch !== undefined) (await this.#watch).close();
  }

  async #makeWatch(): Promise<ResourceWatch> {
    const { ResourceWatch: Watch } = await import("./resource-watch");
    return Watch.make(this.#parts.run, this.#running);
  }

  async #openScopes(): Promise<RunScopes | undefined> {
    const { options, guard, run } = this.#parts;
    const opened = options.cgroups === false ? err("control groups are turned off") : await openScopes(run);
    if (opened.ok) guard.scopes(opened.value.prefix);
    this.#explain(
      opened.ok
        ? `limits are kept by control groups (${[...opened.value.controllers].join(", ")}) below ${opened.value.prefix.replace(/\/[^/]*$/, "")}`
        : `limits are kept by looking at the processes: ${opened.error}`,
    );
    return opened.ok ? opened.value : undefined;
  }

  #explain(text: string): void {
    const { options, emit } = this.#parts;
    if (options.verbose === true) emit({ type: "note", level: "info", text });
  }
}

async function openScopes(run: RunId): Promise<Result<RunScopes, string>> {
  const [{ cgroupFacts }, { openRunScopes }] = await Promise.all([
    import("#system/cgroup/cgroup-place"),
    import("#system/cgroup/run-scopes"),
  ]);
  const facts = await cgroupFacts();
  return facts === undefined ? err("this system has no control groups") : openRunScopes(run, facts);
}
