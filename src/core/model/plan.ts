import type { Place } from "#base/diagnostic";
import type { CacheRule } from "./cache";
import type { EnvSource } from "./environment";
import type { InstanceId, TaskId } from "./ids";
import type { Reason } from "./reason";
import type { SandboxRule } from "./sandbox";

/**
 * What one instance waits for.
 * - `dep`: must end well, else this one is blocked. `ready`: must have become ready (a persistent task).
 * - `serial`: as `dep`, between the entries of one `deps_serial`.
 * - `order`: must have ended, however.
 * - `finally`, `success`, `failure`: runs after it, by its result; skipped where the result does not call for it.
 */
export type EdgeKind = "dep" | "ready" | "serial" | "order" | "finally" | "success" | "failure";

export interface Edge {
  readonly on: InstanceId;
  readonly kind: EdgeKind;
}

/** A piece of an expression's text with its place, for errors. */
export interface ConditionSource {
  readonly source: string;
  readonly place: Place;
}

interface StepOptions {
  readonly allowFailure?: boolean;
  readonly silent?: Silence;
  readonly condition?: ConditionSource;
  /** Left out on other platforms. */
  readonly platforms?: readonly string[];
}

/** One command of an instance. */
export type Step = StepOptions &
  (
    | { readonly kind: "shell"; readonly text: string }
    /** Words in which variables are expanded when it is started; a dollar sign is written twice. */
    | { readonly kind: "exec"; readonly argv: readonly string[] }
    | { readonly kind: "script"; readonly text: string }
    /** Run these instances here, then go on. */
    | { readonly kind: "call"; readonly call: number }
  );

export type Silence = "none" | "stdout" | "stderr" | "both";

export interface RetryPolicy {
  readonly max: number;
  readonly delayMs: number;
  readonly backoff: "constant" | "linear" | "exponential";
  readonly maxDelayMs: number;
  readonly jitter: boolean;
  readonly onExit: readonly number[];
  readonly onOutput: readonly string[];
}

/** What an instance takes while it runs. */
export interface Limits {
  /** Worker slots. */
  readonly weight: number;
  /** At most so many instances of the same task at once. */
  readonly maxConcurrent?: number;
  /** Named groups it takes one slot of. */
  readonly groups: readonly string[];
  readonly exclusive: boolean;
  readonly priority: number;
  /** Its processes together may not take more. */
  readonly memoryBytes?: number;
  /** CPUs that its processes together may use; 0.5 is half of one. */
  readonly cpus?: number;
  /** Scheduling priority of its processes, -20 to 19. */
  readonly nice?: number;
  /** Logical CPUs that its processes may run on. */
  readonly cpuAffinity?: readonly number[];
}

/** Where a stream goes besides the record: a file or nothing. */
export type Redirect =
  | { readonly kind: "file"; readonly path: string; readonly append: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "inherit" };

export interface ReadyProbe {
  readonly http?: string;
  readonly tcp?: string;
  readonly log?: string;
  readonly exec?: string;
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

/** The shell that runs a step's text. `argv` ends where the text goes. */
export interface Shell {
  readonly dialect: "posix" | "fish" | "pwsh" | "cmd" | "bun" | "custom";
  readonly argv: readonly string[];
  /** Set in the configuration, so simple commands go through it too. */
  readonly explicit: boolean;
}

/** What of a task's files is kept with the run. */
export interface ArtifactRule {
  /** Globs from the package folder; `//` is the workspace root, `!` takes out again. */
  readonly paths: readonly string[];
  /** Those of so many runs are kept, or those that are younger. */
  readonly keep: { readonly runs: number } | { readonly ageMs: number };
  readonly compress: boolean;
}

/** How a task's output is shared: its trimmed text, or the data that it is as JSON. */
export type SharedForm = "text" | "json";

/** A value that is known only when the instance starts. Its commands find it in a variable. */
export type LateValue = {
  readonly variable: string;
  /** As written: `${output.version}`. */
  readonly text: string;
} & (
  | { readonly kind: "output"; readonly of: InstanceId; readonly path: readonly string[] }
  | { readonly kind: "git"; readonly field: GitField }
  | { readonly kind: "run" }
);

/** What of the repository strings may name. */
export const GIT_FIELDS = ["sha", "branch", "tag", "dirty", "base"] as const;
export type GitField = (typeof GIT_FIELDS)[number];

/** Another machine that an instance's commands run on. */
export interface RemoteHost {
  /** As `ssh` takes it. */
  readonly host: string;
  /** Folder there; where it is not set, the one that a login starts in. */
  readonly cwd?: string;
  /** Globs from the package folder: what is copied into `cwd` before, and back from there after. */
  readonly sync?: { readonly up: readonly string[]; readonly down: readonly string[] };
}

/** A task in one package with one matrix combination and arguments: the unit that is scheduled. */
export interface Instance {
  readonly id: InstanceId;
  readonly task: TaskId;
  /** The task's own name, without its package. */
  readonly name: string;
  /** Package name; empty for the root package. */
  readonly package: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly matrix: Readonly<Record<string, string>>;
  /** What the stars of a pattern task stood for. */
  readonly match: readonly string[];
  /** Values of declared parameters; a variadic one is a list. */
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  /**
   * There where the instance has conditions, which see `params` and `matrix` as they are declared, and not all of these
   * are texts: numbers, booleans, and null for a parameter without a value.
   */
  readonly typed?: {
    readonly args?: Readonly<Record<string, unknown>>;
    readonly matrix?: Readonly<Record<string, unknown>>;
  };
  /** Arguments after `--`. */
  readonly args: readonly string[];
  readonly reason: Reason;
  readonly edges: readonly Edge[];
  /** Set where the instance runs only when another one's `call` step reaches it. */
  readonly heldBy?: InstanceId;
  readonly steps: readonly Step[];
  /** The instances to run at each call step: those named by the step, each with what it needs. */
  readonly calls: readonly (readonly InstanceId[])[];
  readonly shell: Shell;
  /** Set where its commands run on another machine. */
  readonly remote?: RemoteHost;
  readonly cwd: string;
  /** Key into `Plan.environments`, the layers that the whole package shares. */
  readonly environment: string;
  readonly env: readonly EnvSource[];
  /** Version requests of the task itself, by tool. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Every tool that it runs with and the version of it, once those are known. */
  readonly toolVersions?: Readonly<Record<string, string>>;
  readonly requiredEnv: readonly string[];
  readonly secrets: readonly string[];
  readonly condition?: ConditionSource;
  /** Skipped where it holds. */
  readonly skipIf?: ConditionSource;
  /** Its output is shown only where this holds, which is known when its commands have ended. */
  readonly outputIf?: ConditionSource;
  readonly shareOutput?: SharedForm;
  /** The values that its commands and variables need beside those of its environment. */
  readonly late?: readonly LateValue[];
  readonly artifacts?: ArtifactRule;
  /** There where its commands find only what it declares. */
  readonly sandbox?: SandboxRule;
  /** There where its results are cached. */
  readonly cache?: CacheRule;
  /** What it declares of its files where it is not cached: cached tasks behind it go by that. */
  readonly declares?: CacheRule;
  readonly preconditions: readonly (ConditionSource & { readonly message?: string })[];
  readonly platforms: readonly string[];
  readonly status: readonly string[];
  readonly timeoutMs?: number;
  readonly graceMs: number;
  readonly stopSignal: string;
  readonly retry?: RetryPolicy;
  readonly allowFailure: boolean;
  readonly interactive: boolean;
  /** Its commands get a pseudo-terminal. */
  readonly pty?: true;
  readonly confirm?: string;
  /** The question of `confirm` is asked only where this holds. */
  readonly confirmIf?: ConditionSource;
  readonly silent: Silence;
  readonly persistent: boolean;
  readonly ready?: ReadyProbe;
  readonly limits: Limits;
  readonly io: { readonly stdin?: Redirect; readonly stdout?: Redirect; readonly stderr?: Redirect };
  /** Longest remaining path to the end of the plan, in expected ms or, without history, in instances. */
  readonly rank: number;
  readonly place: Place;
}

/** What one request means: instances, edges, and why each is there. Plain data; making it touches nothing. */
export interface Plan {
  readonly v: 1;
  /** Set for what `[hooks]` runs before and after a run: hooks have no hooks. */
  readonly isHook?: true;
  /** Workspace root. */
  readonly root: string;
  readonly requested: readonly InstanceId[];
  /** In an order that respects every edge. */
  readonly instances: readonly Instance[];
  readonly criticalPath: readonly InstanceId[];
  /** Shared lower layers of the environment, by key. */
  readonly environments: Readonly<Record<string, SharedEnvironment>>;
  /** Slots of the named groups. */
  readonly groups: Readonly<Record<string, number>>;
  /** The packages of the instances, by environment key. */
  readonly packages: Readonly<Record<string, PlanPackage>>;
}

/** What expressions may ask about an instance's package. */
export interface PlanPackage {
  readonly name: string;
  /** From the workspace root. */
  readonly path: string;
  readonly tags: readonly string[];
  /** `[vars]` with the request's on top. */
  readonly vars: Readonly<Record<string, unknown>>;
}

export interface SharedEnvironment {
  readonly mode: "inherit" | "strict";
  readonly passEnv: readonly string[];
  readonly sources: readonly EnvSource[];
}
