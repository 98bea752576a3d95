import type { Result } from "#base/result";
import type { RunId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import type { RunHooks } from "#core/model/run-hooks";
import type { CacheSession } from "#engine/cache/cache-session";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import type { Environments } from "./instance-environment";
import type { ChildEnvironment } from "./child-environment";
import type { Command } from "./command";
import type { EventHub } from "./event-hub";
import type { RunFolder } from "./run-folder";
import type { RunResources } from "./run-resources";
import type { Conditions } from "./conditions";
import type { SharedOutputs } from "./shared-outputs";

/**
 * Says no more than whether the user agrees; `undefined`: there is nobody to ask. Once `over` is aborted nobody waits for
 * the answer any more.
 */
export type Confirm = (question: string, over?: AbortSignal) => Promise<boolean | undefined>;

/** Slots shared with the commands that a run starts. */
export interface SlotSharing {
  /** Value of MAKEFLAGS for a command; programs differ in the form that they understand. */
  readonly makeflagsFor: (command: string) => string;
  readonly inherit: readonly number[];
  /** Waits until slots are free for one more instance; the result gives them back. Aborted, it waits no longer. */
  readonly acquire: (weight: number, signal: AbortSignal) => Promise<() => void>;
  readonly close: () => void;
}

/** Kills the children of a run whose zr is killed. */
export interface ChildGuard {
  readonly add: (pid: number) => void;
  readonly remove: (pid: number) => void;
  /** Control groups whose paths begin so are the run's own: what is in them is killed too. */
  readonly scopes: (prefix: string) => void;
}

/** Gives what to start in place of a task's command, to see what that does. Not asked for conditions and hooks. */
export type TraceCommand = (
  command: Command,
  instance: Instance,
  env: Readonly<Record<string, string>>,
) => Command;

/** Absolute paths of all files that an instance may go by. The error is a sentence's end for people. */
export type FilesFor = (instance: Instance) => Promise<Result<ReadonlySet<string>, string>>;

/** What the attempts of one run share. */
export interface RunContext {
  readonly id: RunId;
  readonly plan: Plan;
  readonly hub: EventHub;
  readonly folder: RunFolder;
  readonly environments: Environments;
  readonly childEnvironment: ChildEnvironment;
  readonly conditions: Conditions;
  readonly outputs: SharedOutputs;
  readonly guard: ChildGuard;
  readonly resources: RunResources;
  readonly confirm: Confirm;
  readonly os: string;
  readonly arch: string;
  readonly slots: SlotSharing | undefined;
  /** By `Instance.environment`: what runs around each task. */
  readonly taskHooks?: RunHooks["tasks"];
  /** There where the run has cached tasks. */
  readonly cache?: CacheSession;
  /** What instances may go by; there where some of them have a sandbox. */
  readonly filesFor?: FilesFor;
  /** There where the commands of the run are watched. */
  readonly trace?: TraceCommand;
  /** Secrets of a package's environment, compiled once. */
  readonly secretsOf: (values: readonly string[]) => SecretAutomaton | undefined;
}
