import type { Diagnostic } from "#base/diagnostic";
import type { EnvEntry } from "#core/model/environment";
import type { ConditionSource } from "#core/model/plan";
import type { GivenEnv } from "./node";
import type { Sharing } from "./output-references";

/** A task as a caller asks for it. */
export interface TargetRequest {
  /** A task reference: `build`, `app:test[os=linux]`, `*:lint`. */
  readonly ref: string;
  /** Words and named values for its declared parameters. */
  readonly words: readonly string[];
  readonly named: Readonly<Record<string, string>>;
  /** Of a word that is no task: the task before it on the command line, whose argument it may be meant as, with its words. */
  readonly follows?: string;
}

/** Facts about the machine that a plan depends on, handed in so that planning stays pure. */
export interface PlanHost {
  /** `linux`, `darwin`, `windows`. */
  readonly os: string;
  /** `x64`, `arm64`. */
  readonly arch: string;
  readonly cpus: number;
  /** Bytes of memory that the machine has; asked for only where a limit is a share of it. */
  readonly totalMemory: () => number;
  /** The environment in which zr was started. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface PlanRequest {
  readonly targets: readonly TargetRequest[];
  /** Arguments after `--`, for every requested task. */
  readonly extra: readonly string[];
  /** Leave out what the targets depend on. */
  readonly only: boolean;
  /** Instances at once. */
  readonly jobs: number;
  /** What the instances that run at once may reserve together. */
  readonly totalMemoryBytes?: number;
  /** `-e NAME=VALUE`: the highest layer of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** `--set KEY=VALUE`: over `[vars]`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly host: PlanHost;
  /** What a workflow gives to everything that it runs: the values of its inputs below the tasks' own variables, its `env` above them. */
  readonly workflow?: { readonly inputs: readonly EnvEntry[]; readonly env?: GivenEnv };
  /** Results of the conditions that a former attempt at planning asked for, by `conditionKey`. */
  readonly answers?: ReadonlyMap<string, boolean>;
  /** What has ended before the plan begins and may be referred to as `${output.NAME}`. */
  readonly shared?: readonly Sharing[];
}

/** Tells conditions apart: the same text in another file is another condition. */
export const conditionKey = (condition: ConditionSource, instance: string): string =>
  `${condition.place.file}\0${(condition.place.path ?? []).join(".")}\0${condition.source}\0${instance}`;

/** A condition on a dependency that has to be decided before the plan is complete. */
export interface OpenCondition {
  readonly key: string;
  readonly condition: ConditionSource;
  /** Values that its names may stand for. */
  readonly scope: ConditionScope;
}

export interface ConditionScope {
  readonly package: {
    readonly name: string;
    readonly path: string;
    readonly dir: string;
    readonly tags: readonly string[];
  };
  readonly task: { readonly name: string; readonly tags: readonly string[] };
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly args: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, unknown>>;
}

/** What came of planning: a plan, conditions to decide first, or problems. */
export type Planned<P> =
  | { readonly kind: "plan"; readonly plan: P }
  | { readonly kind: "open"; readonly conditions: readonly OpenCondition[] }
  | {
      readonly kind: "problems";
      readonly diagnostics: readonly Diagnostic[];
      /** What would have had to be decided beside. */
      readonly conditions?: readonly OpenCondition[];
    };
