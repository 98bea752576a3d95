import type { Result } from "#base/result";
import type { AffectedReason } from "#core/affected/affected-packages";
import type { Outcome } from "#core/model/outcome";
import type { Reason } from "#core/model/reason";
import type { Host } from "#system/host";
import type { LoadedWorkspace } from "#app/load-workspace";
import type { Problems } from "#app/problems";
import type { OperationInput } from "./operation-input";
import type { RunDesk } from "./run-desk";
import type { ObjectSchema } from "./schema";

/** What an operation does to the world, in the words of the Model Context Protocol's tool annotations. */
export interface Effects {
  /** Changes nothing but records of its own. */
  readonly readOnly: boolean;
  /** May take away or overwrite something. */
  readonly destructive: boolean;
  /** A second time changes nothing more. */
  readonly idempotent: boolean;
  /** Has to do with more than this workspace. */
  readonly openWorld: boolean;
}

/** One thing that zr can be asked to do by a program: data, and the function that does it. */
export interface Operation {
  /** `run_task`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For a language model: what it gives, and when to use it. */
  readonly description: string;
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
  readonly effects: Effects;
  /** Loads what does it. */
  readonly load: () => Promise<OperationBody>;
}

/** Does an operation. Its input has been checked by the schema. */
export type OperationBody = (
  input: OperationInput,
  context: OperationContext,
) => Promise<Result<OperationAnswer, Problems>>;

export interface OperationAnswer {
  /** Plain data as the output schema says, without what is undefined. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The operation was done and what it did failed: a task, a check. */
  readonly failed?: boolean;
}

/** What an operation knows of who asks, and of where. */
export interface OperationContext {
  readonly host: Host;
  /** Absolute. */
  readonly cwd: string;
  readonly configPath?: string;
  readonly profile?: string;
  /** Instances at once: `8` or `50%`. */
  readonly jobs?: string;
  /** Of every run as a whole. */
  readonly timeoutMs?: number;
  /** Reads the configuration, once for each operation. */
  readonly load: () => Promise<Result<LoadedWorkspace, Problems>>;
  /** Gives what takes secrets out of texts; to be used before a text is cut. */
  readonly masking: () => Promise<Mask>;
  /** Runs that this program has started. */
  readonly runs: RunDesk;
  readonly limits: OperationLimits;
  readonly words: Wording;
  /** Tokens that an answer may have. */
  readonly budget: number;
  /** Aborted where nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Tells how far a long operation is. Returns at once. */
  readonly progress: (done: number, total: number, message: string) => void;
  /** Tells what happens, also after the answer of what goes on in the background. Returns at once. */
  readonly log: (entry: LogEntry) => void;
  /** Asks the person behind whoever asks, who agrees or does not; left out where nobody can be asked. */
  readonly ask?: (question: string) => Promise<Consent>;
}

/** Something that has happened, for who wants to know such things. */
export interface LogEntry {
  /** Of the levels of syslog (RFC 5424) those that zr has a use for. */
  readonly level: "debug" | "info" | "warning" | "error";
  readonly message: string;
  readonly run: string;
  readonly task?: string;
}

/** `none`: whoever was asked gave no answer. */
export type Consent = "given" | "refused" | "none";

/** A text with `****` for every secret in it. */
export type Mask = (text: string) => string;

/** What may be asked for. */
export interface OperationLimits {
  readonly readOnly: boolean;
  /** Globs over names of tasks and workflows; undefined: all. */
  readonly allowedTasks?: readonly string[];
}

/** How facts are put into words; the tables belong to the output of the command line. */
export interface Wording {
  readonly outcome: (outcome: Outcome) => string;
  readonly reason: (reason: Reason) => string;
  readonly affected: (reason: AffectedReason) => string;
}
