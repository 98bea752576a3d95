import type { Diagnostic } from "#base/diagnostic";
import type { Result } from "#base/result";
import type { FileText } from "#core/config/config-reader";
import type { ConfigDocument, TaskTable } from "#core/config/schema/sections";

/** Tools whose files can be converted, by the word after `--from-`. */
export type SourceTool = "make" | "just" | "task" | "npm" | "turbo" | "nx" | "mise" | "moon";

/**
 * How far something was converted. `note`: in full, but worth knowing. `approximated`: it does the same in all but the
 * cases that `why` names. `left-out`: it is not in the result, other than as a comment.
 */
export type ReportSeverity = "note" | "approximated" | "left-out";

/** One thing that the user has to know of a conversion, with its place in the source. */
export interface ReportItem {
  /** Path of the source file, relative to the folder that is converted. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly severity: ReportSeverity;
  /** The construct, as short source text where that says most: `%.o: %.c`. */
  readonly what: string;
  /** What is different now, or why it could not be taken over, as a sentence without a full stop. */
  readonly why: string;
}

/** A task with what stands around it. */
export interface ConvertedTask {
  readonly name: string;
  /** What the other tool calls it, where that is not its name. */
  readonly source?: string;
  readonly table: TaskTable;
  /** Lines of comment above the header, without `#`. */
  readonly comments?: readonly string[];
  /** Lines of comment above a key of the table: by the key (`cmds`), or key and index of an element (`cmds.3`). */
  readonly keyComments?: Readonly<Record<string, readonly string[]>>;
  /** Where it stands in the source, for what is said of it later. */
  readonly place?: Pick<ReportItem, "file" | "line">;
}

/** Everything of a configuration but its tasks. */
export type ConvertedSections = Partial<Omit<ConfigDocument, "tasks">>;

/** One configuration file that comes out of a conversion. */
export interface ConvertedFile {
  /** Path relative to the folder that is converted; `zr.toml` for the main one. */
  readonly path: string;
  /** Lines of comment at the top. */
  readonly comments?: readonly string[];
  readonly sections?: ConvertedSections;
  /** Lines of comment above a section (`env`) or an entry of one (`vars.name`). */
  readonly sectionComments?: Readonly<Record<string, readonly string[]>>;
  readonly tasks: readonly ConvertedTask[];
  /** Lines of comment at the end, e.g. what could not be converted and belongs to no task. */
  readonly rest?: readonly string[];
}

/** What a converter makes of the files of another tool. */
export interface Conversion {
  /** Paths of the source files, relative to the folder, the main one first. */
  readonly sources: readonly string[];
  /** The main file first. */
  readonly files: readonly ConvertedFile[];
  readonly report: readonly ReportItem[];
  /** Recipes, scripts or tasks of the source, and how many of them are tasks now. */
  readonly total: number;
  readonly converted: number;
}

/** The files that a converter may look at. All paths are absolute. It runs nothing. */
export interface SourceReader {
  readonly readText: (path: string) => Promise<FileText>;
  /** Paths of the files under `folder` that match, in order. */
  readonly glob: (pattern: string, folder: string) => Promise<readonly string[]>;
}

export interface ConversionRequest {
  /** The folder to convert, absolute. */
  readonly folder: string;
  /** The source file, absolute, where it is not the one that the tool would find in the folder. */
  readonly source?: string;
  /** Make tasks that call the other tool, instead of tasks that do its work. */
  readonly wrap: boolean;
  readonly reader: SourceReader;
}

/** Turns the files of one tool into ours. Problems are those that leave nothing to convert, such as no file at all. */
export type Converter = (request: ConversionRequest) => Promise<Result<Conversion, readonly Diagnostic[]>>;
