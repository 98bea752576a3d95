import type { PlannedInstance, PlannedStage, RunEventBody, RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import type { RunHooks } from "#core/model/run-hooks";
import type { CacheSession } from "#engine/cache/cache-session";
import { compileSecrets } from "#engine/env/secret-automaton";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { monotonicMs, wallMs } from "#system/clock/clock";
import { ChildEnvironment } from "./child-environment";
import { commandText } from "./command-text";
import type { Conditions } from "./conditions";
import { EventHub } from "./event-hub";
import type { Environments } from "./instance-environment";
import { LiveFeed } from "./live-feed";
import { LateGuard } from "./late-guard";
import type { OpenGuard } from "./late-guard";
import { oneAfterTheOther } from "./one-after-the-other";
import type { Confirm, FilesFor, RunContext, SlotSharing, TraceCommand } from "./run-context";
import { RunFolder } from "./run-folder";
import { RunResources } from "./run-resources";
import type { ResourceOptions } from "./run-resources";
import { SharedOutputs } from "./shared-outputs";

/** Who runs, for whom, and with what: the same for every plan of a run. */
export interface LiveRunOptions {
  readonly id: RunId;
  /** Version of zr, for the record. */
  readonly zr: string;
  /** Workspace root. */
  readonly root: string;
  /** What was asked for, in words, for the record. */
  readonly request: readonly string[];
  /** How a command may be told; there where values of the command line stand in the commands. */
  readonly tellCommand?: (command: string) => string;
  readonly jobs: number;
  readonly profile?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly workflow?: string;
  readonly os: string;
  readonly arch: string;
  readonly subscribers: readonly RunSubscriber[];
  readonly environments: Environments;
  readonly conditions: Conditions;
  /** Where tasks put what they share; not given: a store of the run's own, empty. */
  readonly outputs?: SharedOutputs;
  readonly confirm: Confirm;
  /** Called once, some time after the first child has been started; the children of the run are told to it. */
  readonly openGuard: OpenGuard;
  /** How limits are kept and whether samples are emitted. */
  readonly resources?: ResourceOptions;
  /** What `[hooks]` runs around the tasks of each package. */
  readonly taskHooks?: RunHooks["tasks"];
  /** Results of earlier runs; there where the run has cached tasks. */
  readonly cache?: CacheSession;
  /** What instances may go by; there where some of them have a sandbox. */
  readonly filesFor?: FilesFor;
  /** There where commands are watched. */
  readonly trace?: TraceCommand;
  /** Slots to share with children; undefined where there is nothing to share. */
  readonly openSlots: ((folder: RunFolder) => Promise<SlotSharing>) | undefined;
}

/** What `run.planned` says. */
export interface Announcement {
  readonly instances: readonly Instance[];
  readonly requested: readonly InstanceId[];
  readonly criticalPath: readonly InstanceId[];
  readonly stages?: readonly PlannedStage[];
}

/** How a run ended as a whole. */
export interface RunEnd {
  readonly exitCode: number;
  readonly interrupted?: string;
}

/**
 * A run while it lives: its events, its folder, its guard, the slots it shares. It runs nothing by itself; plan loops
 * do, one after another or a single one.
 */
export class LiveRun {
  readonly folder: RunFolder;
  readonly #options: LiveRunOptions;
  readonly #startedAt = monotonicMs();
  readonly hub: EventHub;
  readonly #guard: LateGuard;
  readonly #resources: RunResources;
  readonly #feed: LiveFeed;
  readonly #secrets = new Map<string, SecretAutomaton | undefined>();
  readonly #outputs: SharedOutputs;
  #slots: SlotSharing | undefined;

  constructor(options: LiveRunOptions) {
    this.#options = options;
    this.#outputs = options.outputs ?? new SharedOutputs();
    this.folder = new RunFolder(options.root, options.id);
    this.#guard = new LateGuard(options.openGuard);
    this.#resources = new RunResources({
      run: options.id,
      options: options.resources ?? {},
      emit: (event) => this.emit(event),
      guard: this.#guard,
    });
    this.#feed = new LiveFeed(this.folder, this.#resources);
    this.hub = new EventHub(options.id, [...options.subscribers, this.#feed], () => this.elapsedMs());
  }

  /** Since the run was made. */
  elapsedMs(): number {
    return monotonicMs() - this.#startedAt;
  }

  emit(event: RunEventBody): void {
    this.hub.emit(event);
  }

  /** To be settled before a plan loop begins. */
  async open({ instances, requested, criticalPath, stages }: Announcement): Promise<void> {
    const { openSlots, zr, root, request, jobs, profile, labels, workflow, resources } = this.#options;
    if (openSlots !== undefined) this.#slots = await openSlots(this.folder);
    this.emit({
      type: "run.started",
      wallMs: wallMs(),
      zr,
      root,
      request,
      jobs,
      ...(profile === undefined ? {} : { profile }),
      ...(labels === undefined ? {} : { labels }),
      ...(workflow === undefined ? {} : { workflow }),
    });
    this.emit({
      type: "run.planned",
      instances: instances.map((instance) => plannedInstance(instance, this.#options.tellCommand)),
      requested,
      criticalPath,
      ...(stages === undefined ? {} : { stages }),
    });
    // What was noticed on opening is told now: a run's first events are these two.
    this.#options.cache?.connect((level, text) => this.emit({ type: "note", level, text }));
    if (resources?.monitor === true) await this.#resources.sample();
  }

  /** What the attempts of one plan share. */
  contextOf(plan: Plan): RunContext {
    const { id, os, arch, environments, conditions, confirm, taskHooks, cache, trace, filesFor } =
      this.#options;
    const slots = this.#slots;
    return {
      id,
      plan,
      hub: this.hub,
      folder: this.folder,
      environments,
      childEnvironment: new ChildEnvironment({ id, plan, makeflagsFor: slots?.makeflagsFor }),
      conditions,
      outputs: this.#outputs,
      guard: this.#guard,
      resources: this.#resources,
      confirm: oneAfterTheOther(confirm),
      os,
      arch,
      slots,
      ...(taskHooks === undefined || plan.isHook === true ? {} : { taskHooks }),
      ...(cache === undefined ? {} : { cache }),
      ...(trace === undefined ? {} : { trace }),
      ...(filesFor === undefined ? {} : { filesFor }),
      secretsOf: (values) => this.#secretsOf(values),
    };
  }

  childStarted(): void {
    this.#guard.open();
    this.#feed.begin();
  }

  /**
   * Tells of the end and leaves nothing behind. Readers may still put what they hold into the folder until then. Servers
   * are waited for until `over` at most.
   */
  async close(end: RunEnd, over?: Promise<void>): Promise<void> {
    this.#options.environments.stop();
    await this.#options.cache?.close(over);
    await this.#resources.close();
    this.#guard.close();
    this.#slots?.close();
    this.emit({
      type: "run.finished",
      exitCode: end.exitCode,
      durationMs: this.elapsedMs(),
      ...(end.interrupted === undefined ? {} : { interrupted: end.interrupted }),
    });
    await this.hub.close();
    await this.folder.remove();
  }

  #secretsOf(values: readonly string[]): SecretAutomaton | undefined {
    if (values.length === 0) return undefined;
    const key = values.join("\0");
    if (!this.#secrets.has(key)) this.#secrets.set(key, compileSecrets(values));
    return this.#secrets.get(key);
  }
}

function plannedInstance(instance: Instance, tell?: (command: string) => string): PlannedInstance {
  const { id, package: pkg, name, cwd, edges, reason, tags, interactive } = instance;
  const command = commandText(instance);
  return {
    id,
    label: id,
    package: pkg,
    task: name,
    command: tell === undefined ? command : tell(command),
    cwd,
    edges,
    reason,
    tags,
    group: instance.steps.length === 0,
    interactive,
  };
}
