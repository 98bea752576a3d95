import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setDefaultTimeout } from "bun:test";
import { ensureBinary, REPOSITORY } from "./binary";
import { deadlineMs } from "./deadline";
import { dedent } from "./dedent";
import { normalize } from "./normalize";
import type { Vocabulary } from "./normalize";
import { makeFolders } from "./project-folders";
import type { Folders } from "./project-folders";
import { isAlive, processesWithMarker } from "./processes";
import type { FoundProcess } from "./processes";
import { Run } from "./run";
import { prependToPath, ScriptedCommands } from "./scripted-command";
import type { ScriptedCommand } from "./scripted-command";
import type { TerminalRun, TerminalSize } from "./terminal";

// A wait that takes too long must get to say what it waited for before the test runner gives up.
setDefaultTimeout(3 * deadlineMs());

const FIXED_DATE = "2024-01-01T00:00:00Z";
const WORKERS = "4";
const KILL_ROUNDS = 50;

type Environment = Readonly<Record<string, string | undefined>>;

export type ProjectOptions = {
  /** A git repository with all files in one commit, its author and dates fixed. */
  readonly git?: boolean;
  /** Variables for every start; undefined takes one away. */
  readonly env?: Environment;
  /** The words that start the program instead of zr. */
  readonly program?: readonly string[];
};

export type StartOptions = {
  /** The working folder, relative to the project. */
  readonly cwd?: string;
  readonly env?: Environment;
  /** Its whole stdin; `null` leaves stdin open for `run.write`. Without it stdin is empty. */
  readonly stdin?: string | Uint8Array | null;
};

export type TerminalOptions = TerminalSize & { readonly cwd?: string; readonly env?: Environment };

/**
 * A project in a fresh folder: its files by path, each dedented where it is a block, with a home,
 * cache, configuration and temp folder of its own. Dispose it with `await using`: that kills all it
 * started and removes the folder, unless `ZR_TEST_KEEP=1` is set.
 */
export async function makeProject(
  files: Readonly<Record<string, string>>,
  options: ProjectOptions = {},
): Promise<Project> {
  const program = options.program ?? (await ensureBinary());
  const folders = makeFolders();
  const commands = await ScriptedCommands.listen(folders.rig, () => project.transcript());
  const project = new Project({ folders, commands, program, env: options.env ?? {} });
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  if (options.git === true) project.initializeGit();
  return project;
}

type Parts = {
  readonly folders: Folders;
  readonly commands: ScriptedCommands;
  readonly program: readonly string[];
  readonly env: Environment;
};

/** What `makeProject` makes. */
export class Project implements AsyncDisposable {
  /** The project's folder, `<root>` in normalized output. */
  readonly root: string;
  /** HOME, `<home>` in normalized output. */
  readonly home: string;
  /** All folders: `temp` holds the rest; `cache`, `config`, `data` are the XDG ones, `tmp` is TMPDIR. */
  readonly folders: Folders;
  readonly #parts: Parts;
  readonly #runs: Run[] = [];
  readonly #terminals: TerminalRun[] = [];
  readonly #pids = new Set<number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.folders = parts.folders;
    this.root = parts.folders.root;
    this.home = parts.folders.home;
  }

  /** Starts zr in the project's folder. */
  zr(...args: readonly string[]): Run {
    return this.zrWith({}, ...args);
  }

  zrWith(options: StartOptions, ...args: readonly string[]): Run {
    const run = new Run([...this.#parts.program, ...args], {
      cwd: this.path(options.cwd ?? "."),
      env: this.environment(options.env),
      stdin: options.stdin ?? undefined,
      keepStdinOpen: options.stdin === null,
      vocabulary: () => this.#vocabulary(),
      context: () => this.#context(),
    });
    this.#runs.push(run);
    this.#pids.add(run.pid);
    void run.exited.then((code) => this.#ended(code)).catch(() => {});
    return run;
  }

  /** Starts zr in a terminal of the given size, 80 by 24 where it isn't given. */
  async terminal(options: TerminalOptions, ...args: readonly string[]): Promise<TerminalRun> {
    // Most tests need no terminal, whose emulator is large.
    const { openTerminal } = await import("./terminal");
    const { cols, rows, cwd, env } = options;
    const terminal = openTerminal([...this.#parts.program, ...args], {
      ...(cols === undefined ? {} : { cols }),
      ...(rows === undefined ? {} : { rows }),
      cwd: this.path(cwd ?? "."),
      env: this.environment({ NO_COLOR: undefined, TERM: "xterm-256color", ...env }),
    });
    this.#terminals.push(terminal);
    this.#pids.add(terminal.pid);
    return terminal;
  }

  /** The scripted command of that name; `cmd(name)` is its text for `zr.toml`. */
  command(name: string): ScriptedCommand {
    return this.#parts.commands.command(name);
  }

  /** A scripted command that is found on PATH under its own name, such as `cargo`. */
  tool(name: string): ScriptedCommand {
    return this.#parts.commands.installTool(name);
  }

  /** The absolute path of a file of the project. */
  path(path: string): string {
    return join(this.root, path);
  }

  /** Writes a file, dedented where it is a block, and the folders above it. */
  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), dedent(text));
  }

  /**
   * Writes a file elsewhere and moves it to its place, as editors do: who follows the folder sees one change, however
   * long this process may be kept from going on between making a file and filling it.
   */
  put(path: string, text: string): void {
    const made = join(this.folders.rig, "put");
    writeFileSync(made, dedent(text));
    mkdirSync(dirname(this.path(path)), { recursive: true });
    renameSync(made, this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  /** Runs git in the project, with the fixed date; gives its stdout. Throws where git fails. */
  git(...args: readonly string[]): string {
    const dates = { GIT_AUTHOR_DATE: FIXED_DATE, GIT_COMMITTER_DATE: FIXED_DATE };
    const { exitCode, stdout, stderr } = Bun.spawnSync(["git", ...args], {
      cwd: this.root,
      env: this.environment(dates),
    });
    if (exitCode !== 0)
      throw new Error(`git ${args.join(" ")} exited with ${exitCode}\n${stderr.toString()}`);
    return stdout.toString();
  }

  /** For `makeProject`: the repository and its first commit. */
  initializeGit(): void {
    this.git("init", "--quiet");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "initial");
  }

  /** The text with paths, durations, versions and process numbers replaced by words, for goldens. */
  normalize(text: string): string {
    return normalize(text, this.#vocabulary());
  }

  /** Everything alive that this project's runs have started, themselves included (Linux). */
  processes(): readonly FoundProcess[] {
    return processesWithMarker(this.folders.temp);
  }

  /** The variables a program of this project gets: the fixed ones, the project's, then the given. */
  environment(extra: Environment = {}): Record<string, string> {
    const { home, cache, config, data, tmp } = this.folders;
    const variables: Environment = {
      PATH: prependToPath(this.#parts.commands.bin, process.env["PATH"]),
      HOME: home,
      XDG_CACHE_HOME: cache,
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: data,
      TMPDIR: tmp,
      TZ: "UTC",
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      ZR_JOBS: WORKERS,
      ZR_RIG_MARKER: this.folders.temp,
      ...this.#parts.env,
      ...extra,
    };
    return Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** What the runs have printed so far and where everything lies, for errors. */
  transcript(): string {
    const parts = [
      ...this.#runs.map((run) => run.transcript()),
      ...this.#terminals.map((one) => one.transcript()),
    ];
    return parts.length === 0 ? `nothing was run\n${this.#context()}` : parts.join("\n\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const terminal of this.#terminals) terminal.close();
    for (const run of this.#runs) if (!run.hasExited) run.kill("SIGKILL");
    await this.#killAll();
    await this.#parts.commands[Symbol.asyncDispose]();
    if (process.env["ZR_TEST_KEEP"] === "1") console.error(`kept ${this.folders.temp}`);
    else rmSync(this.folders.temp, { recursive: true, force: true });
  }

  /**
   * Again and again, since a process may start another between the look and the kill. One that is
   * ending loses its marks before it is gone, hence the memory of those seen.
   */
  async #killAll(): Promise<void> {
    const seen = new Set<number>();
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      for (const { pid } of this.processes()) {
        seen.add(pid);
        killIfThere(pid);
      }
      if (![...seen].some(isAlive)) return;
      await Bun.sleep(round);
    }
    throw new Error(`could not kill ${[...seen].filter(isAlive).join(", ")}`);
  }

  /** A failed program starts nothing more: whoever waits for a start needn't wait for the deadline. */
  #ended(code: number): void {
    const isAnyAlive =
      this.#runs.some((run) => !run.hasExited) || this.#terminals.some((one) => !one.hasExited);
    if (code !== 0 && !isAnyAlive)
      this.#parts.commands.abandonClaims(() => `the program exited with ${code}`);
  }

  #vocabulary(): Vocabulary {
    const { temp, root, home, cache, config, data, tmp } = this.folders;
    return {
      paths: [
        [root, "<root>"],
        [home, "<home>"],
        [cache, "<cache>"],
        [config, "<config>"],
        [data, "<data>"],
        [tmp, "<tmp>"],
        [temp, "<temp>"],
      ],
      pids: this.#pids,
      version: versionOfZr(),
    };
  }

  #context(): string {
    const hint = process.env["ZR_TEST_KEEP"] === "1" ? "" : " (ZR_TEST_KEEP=1 keeps it)";
    const summary = this.#parts.commands.summary();
    return [
      ...(summary === "" ? [] : [`--- scripted commands\n${summary}`]),
      `--- folder ${this.root}${hint}`,
    ].join("\n");
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function versionOfZr(): string {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
