import type { InstanceId } from "#core/model/ids";
import type { Silence } from "#core/model/plan";
import type { Background } from "./theme";
import type { OpenSpool } from "#system/stdio/spool";

export type OutputStream = "stdout" | "stderr";

/** Takes bytes in order; they may be overwritten once the call has returned. A promise asks the caller to wait. */
export type Write = (stream: OutputStream, bytes: Uint8Array) => void | Promise<void>;

/** The words of a command that runs an instance of a plan again, beside those that name it. */
export interface AgainWords {
  /** Options that go before its name. */
  readonly flags: readonly string[];
  /** Values of its parameters, behind its name. */
  readonly values: readonly string[];
  /** What comes after `--`. */
  readonly extra: readonly string[];
}

export interface RendererOptions {
  readonly write: Write;
  readonly color: boolean;
  readonly unicode: boolean;
  /** What the colours have to be seen on; default: anything. */
  readonly background?: Background | undefined;
  /** The time of day, for the front of each line of prefixed output; default: no time stands there. */
  readonly timestamp?: (() => string) | undefined;
  /** Width of the terminal, or of a page where there is none. */
  readonly columns: number;
  /** Absolute folder that paths are shown relative to. */
  readonly cwd: string;
  /** Existing or future folder for output that is too large to be held in memory. */
  readonly spoolFolder: string;
  /** How large output is kept; default: files. */
  readonly openSpool?: OpenSpool;
  /** Which streams of an instance are shown only when it fails; default: none. */
  readonly silence?: ((id: InstanceId) => Silence) | undefined;
  /** Whose output is shown only where that is decided when they have ended; default: nobody's. */
  readonly isConditional?: ((id: InstanceId) => boolean) | undefined;
  /** Where the full log of an instance lies, if it is kept. */
  readonly logPath?: (id: InstanceId) => string | undefined;
  /** The command that shows the full log of an instance, if there is one. */
  readonly logCommand?: (id: InstanceId) => string | undefined;
  /** Whether a shell can be opened where a task has failed, so that it is worth to say how; default: no. */
  readonly canOpenShell?: boolean;
  /** Options that a command has to repeat to speak of the same configuration. */
  readonly rerunFlags?: readonly string[];
  /** What else a command has to repeat to run an instance again; nothing where no command can. */
  readonly againWords?: ((id: InstanceId) => Promise<AgainWords | undefined>) | undefined;
  /** The name by which a workflow was asked for. */
  readonly workflowName?: string | undefined;
  /** How zr tells of the run: in words, which is the default, or by its events, one a line, as JSON. */
  readonly tells?: "words" | "events";
  /** One line of summary, and nothing but failures before it. */
  readonly quiet?: boolean;
}
