/**
 * What a scenario is made of. A scenario says which commands compete and what is asked of them; the lab, which is
 * handed in, makes folders and programs; the runner measures.
 */

/** A program that runs tasks, under the name that the tables show. */
export type Tool = "zr" | "make" | "ninja" | "just" | "task" | "mise" | "turbo" | "moon" | "nx";

/** One task of a generated project. One without a command is a group. */
export interface BenchTask {
  readonly name: string;
  /** Words without anything a shell would look at. */
  readonly command?: readonly string[];
  readonly deps: readonly string[];
}

/** A command that is measured. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Added to the lab's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where standard output and error go together; `null` unless given. */
  readonly output?: "null" | "file" | "pipe";
  /** How much it prints; where it is given, the tables have its throughput too. */
  readonly megabytes?: number;
  /** Takes part only in every n-th round, or just once, because it is slow; 1 unless given. */
  readonly every?: number | "once";
  /** Paths in `cwd` that are removed before each start, outside the measured time. */
  readonly remove?: readonly string[];
  /** Done before each start, after the removal, outside the measured time. */
  readonly prepare?: () => void;
  /** Looks at what the command printed, in an extra run that is not measured; the text says what is wrong. */
  readonly verify?: (outputFile: string) => Promise<string | undefined>;
}

/** What is asked: `subject` may need at most `limit` times what `reference` needs, or `limit` MB where that is "MB". */
export interface Target {
  readonly subject: string;
  readonly reference: string;
  readonly of: "time" | "memory";
  readonly limit: number;
}

/** Commands that do the same job, started in turn. */
export interface Contest {
  readonly title: string;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
}

/** What a scenario may ask for. All paths are absolute. */
export interface Lab {
  /** A folder that is removed at the end. */
  readonly scratch: string;
  /** The executable of each tool that is here. */
  readonly tools: ReadonlyMap<Tool, string>;
  /** The environment in which turbo starts its scripts by a stand-in instead of bun. */
  readonly standIn: Readonly<Record<string, string>>;
  /** Compiles `bench/programs/NAME.ts` with the flags of a release. */
  readonly compile: (name: "empty" | "spawn-loop" | "copy-loop") => Promise<string>;
  /** Writes a project with these tasks for one tool; gives its folder. */
  readonly project: (tool: Tool, shape: Shape) => Promise<string>;
  /** Writes a monorepo of so many packages for one tool, the same one for the same words; `apart` names another copy. */
  readonly monorepo: (tool: MonorepoTool, count: number, apart?: string) => Promise<Monorepo>;
  /** An empty folder, and one with a file for each package as large as what its build makes. */
  readonly monorepoCopy: (count: number) => Promise<{ readonly folder: string; readonly outputs: string }>;
  /** Writes a package with so many sources and a task that copies them, for one tool; gives its folder. */
  readonly tree: (tool: "zr" | "turbo", count: number) => Promise<string>;
  /** Writes `files` text files of `megabytes` each and gives their paths. */
  readonly text: (files: number, megabytes: number) => Promise<readonly string[]>;
  /** Says what is wrong with an output that should hold every line of the files whole and in order. */
  readonly verifyLines: (
    sources: readonly string[],
    isGrouped: boolean,
  ) => (output: string) => Promise<string | undefined>;
}

/** Tools that take part with a monorepo. */
export type MonorepoTool = "zr" | "turbo" | "nx" | "ninja";

/** A generated monorepo. */
export interface Monorepo {
  readonly folder: string;
  /** Names of the packages; `packages/NAME/dist` is what each build makes. */
  readonly packages: readonly string[];
  /** Changes one source in the middle of the dependency graph, to something else each time. */
  readonly changeOne: () => void;
  /** The packages that have to be built after that. */
  readonly rebuilt: readonly string[];
  /** The command by which each is built, in its folder. */
  readonly build: string;
}

/** The form of a generated project; `all` is its last task, a group over the rest. */
export type Shape =
  | { readonly form: "single" }
  | { readonly form: "layers" | "independent" | "chain"; readonly count: number }
  | { readonly form: "commands"; readonly commands: readonly (readonly string[])[] };

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly contests: (lab: Lab) => Promise<readonly Contest[]>;
}
