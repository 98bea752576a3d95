import type { RunId } from "#core/model/ids";
import type { Failure } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import type { CgroupScope, ScopeLimits } from "#system/cgroup/cgroup-scope";
import type { RunScopes } from "#system/cgroup/run-scopes";
import { enteringCommand } from "#system/cgroup/entering-command";
import { allowedCpus, hasAffinity, placeStarted, placingWords } from "#system/process/placement";
import type { Placement } from "#system/process/placement";
import { signalProcess } from "#system/process/signal";
import { which } from "#system/which";
import type { Command } from "./command";
import type { ResourcesTaken } from "./resource-types";
import type { ResourceWatch } from "./resource-watch";
import { killTree } from "./stop-sequence";

/** How far a command gives way that may use only a part of the CPUs, where no control group keeps it to that. */
const YIELDING = 10;

/** What a run has for keeping limits. */
export interface ConfiningRun {
  readonly run: RunId;
  readonly watch: () => Promise<ResourceWatch>;
  /** Undefined where control groups can't be used. */
  readonly scopes: () => Promise<RunScopes | undefined>;
  /** Another one at each call. */
  readonly nextCpu: () => number;
  readonly tellMissing: (text: string) => void;
}

/** How the limits of one command are kept: by a scope for it, by watching, by where it runs. */
interface Means {
  readonly scope: CgroupScope | undefined;
  /** To be watched, since no scope limits it. */
  readonly watchedBytes: number | undefined;
  readonly placement: Placement;
}

/** What came of it once the command has ended. */
export interface ConfinementEnd {
  readonly taken: ResourcesTaken;
  /** Set where it was stopped by its limit. */
  readonly failure?: Failure;
}

/** One command of an instance within the instance's limits. */
export class Confinement {
  readonly #instance: Instance;
  readonly #resources: ConfiningRun;
  readonly #means: Means;
  #stopWatching: (() => void) | undefined;
  #peakBytes: number | undefined;
  #killing: Promise<unknown> | undefined;

  constructor(instance: Instance, resources: ConfiningRun, means: Means) {
    this.#instance = instance;
    this.#resources = resources;
    this.#means = means;
  }

  /** What to start instead. A program that can't be found is left as it is: its start is to fail as always. */
  command(command: Command, env: Readonly<Record<string, string>>): Command {
    const { scope, placement } = this.#means;
    const before = placingWords(placement);
    const [program = ""] = command.argv;
    const isPlain = scope === undefined && before.length === 0;
    if (isPlain || which(program, { path: env["PATH"] ?? "", cwd: this.#instance.cwd }) === undefined)
      return command;
    return { ...command, argv: [...before, ...enteringCommand(scope, command.argv)] };
  }

  async started(pid: number): Promise<void> {
    const { watchedBytes, placement } = this.#means;
    placeStarted(pid, placement);
    if (watchedBytes === undefined) return;
    const watch = await this.#resources.watch();
    this.#stopWatching = watch.limit(this.#instance.id, {
      bytes: watchedBytes,
      exceeded: (peakBytes, pids) => {
        this.#peakBytes = peakBytes;
        // At once what was just seen, then whatever it has started meanwhile.
        for (const member of pids) signalProcess(member, "SIGKILL");
        const { id, interactive } = this.#instance;
        this.#killing = killTree({ pid, run: this.#resources.run, instance: id, ownGroup: !interactive });
      },
    });
  }

  /** SIGKILL for everything in its scope. */
  async kill(): Promise<void> {
    await this.#means.scope?.kill();
  }

  /** To be called when the command has ended; nothing of it is left in its scope then. */
  async ended(): Promise<ConfinementEnd> {
    this.#stopWatching?.();
    // It goes by the mark of the instance, which what runs at the next attempt has too.
    await this.#killing;
    const { scope } = this.#means;
    const limitBytes = this.#instance.limits.memoryBytes ?? 0;
    if (scope === undefined) {
      const peakBytes = this.#peakBytes;
      return peakBytes === undefined
        ? { taken: {} }
        : { taken: { peakMemoryBytes: peakBytes }, failure: { kind: "memory-limit", limitBytes, peakBytes } };
    }
    const { memoryKills, ...taken } = await scope.use();
    await scope.remove();
    if (memoryKills === 0) return { taken };
    const peakBytes = Math.max(limitBytes, taken.peakMemoryBytes ?? 0);
    return { taken, failure: { kind: "memory-limit", limitBytes, peakBytes } };
  }
}

/** Works out how the limits of an instance's next command are kept here. */
export async function confine(instance: Instance, run: ConfiningRun): Promise<Confinement> {
  const { memoryBytes, cpus, cpuAffinity } = instance.limits;
  const { scope, kept } = await scopeFor(instance, run);
  const isCpuKept = cpus === undefined || kept.cpus !== undefined;
  const yielding = isCpuKept ? {} : await yieldingPlacement(cpus, run);
  if (cpuAffinity !== undefined && !hasAffinity())
    run.tellMissing("cpu_affinity has no effect on this system");
  return new Confinement(instance, run, {
    scope,
    watchedBytes: kept.memoryBytes === undefined ? memoryBytes : undefined,
    placement: { ...yielding, ...ownPlacement(instance) },
  });
}

/** A scope for what control groups can limit here; `kept` is what it does. */
async function scopeFor(
  { limits: { memoryBytes, cpus } }: Instance,
  run: ConfiningRun,
): Promise<{ readonly scope: CgroupScope | undefined; readonly kept: ScopeLimits }> {
  const scopes = (memoryBytes ?? cpus) === undefined ? undefined : await run.scopes();
  const none = { scope: undefined, kept: {} };
  if (scopes === undefined) return none;
  const kept: ScopeLimits = {
    ...(memoryBytes !== undefined && scopes.controllers.has("memory") ? { memoryBytes } : {}),
    ...(cpus !== undefined && scopes.controllers.has("cpu") ? { cpus } : {}),
  };
  if ((kept.memoryBytes ?? kept.cpus) === undefined) return none;
  const made = await scopes.make(kept);
  return made.ok ? { scope: made.value, kept } : none;
}

const ownPlacement = ({ limits: { nice, cpuAffinity } }: Instance): Placement => ({
  ...(nice === undefined ? {} : { nice }),
  ...(cpuAffinity === undefined ? {} : { cpus: cpuAffinity }),
});

/** The nearest to a share of the CPUs without control groups: so many of them, and after everything else. */
async function yieldingPlacement(cpus: number, resources: ConfiningRun): Promise<Placement> {
  const all = await allowedCpus();
  const count = Math.min(all.length, Math.ceil(cpus));
  const chosen = Array.from({ length: count }, () => all[resources.nextCpu() % all.length] ?? 0);
  return { nice: YIELDING, ...(count < all.length ? { cpus: chosen } : {}) };
}
