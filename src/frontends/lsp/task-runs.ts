import type { Host } from "#system/host";
import type { Guard } from "#system/process/guard";
import type { Child } from "#system/process/spawn";
import type { Library } from "./protocol";

/** How a lens asks for a task. */
const ARGUMENTS = {
  "zr.run": (task: string) => ["run", task],
  "zr.debug": (task: string) => ["run", task, "--verbose"],
  "zr.show": (task: string) => ["show", task],
} as const;

/** So much of a run's output is shown; all of it is in the history. */
const MOST_SHOWN = 256 * 1024;

export interface TaskRunsOptions {
  readonly connection: Library.Connection;
  readonly host: Host;
  /** Whether a folder is the root of a workspace that the client has open: nothing is run elsewhere. */
  readonly isRoot: (folder: string) => boolean;
}

/** Runs that lenses have started: each a program of its own, whose output goes to the client's log. */
export class TaskRuns {
  readonly #options: TaskRunsOptions;
  readonly #children = new Map<string, Child>();
  #guard: Guard | undefined;

  constructor(options: TaskRunsOptions) {
    this.#options = options;
  }

  /** Does what a lens stands for. @returns what is wrong with the request. */
  execute(command: unknown, words: unknown): string | undefined {
    const [task, folder] = Array.isArray(words) ? (words as readonly unknown[]) : [];
    if (typeof task !== "string" || task === "" || task.startsWith("-"))
      return "the first argument is a task";
    if (typeof folder !== "string" || !this.#options.isRoot(folder))
      return "the second argument is the root of a workspace that is open";
    if (command === "zr.cancel") {
      void this.#end([`${folder}\0${task}`]);
      return undefined;
    }
    if (typeof command !== "string" || !Object.hasOwn(ARGUMENTS, command))
      return `unknown command ${String(command)}`;
    const known: keyof typeof ARGUMENTS = command as keyof typeof ARGUMENTS; // An own key, as was asked just now.
    void this.#start(task, folder, ARGUMENTS[known](task));
    return undefined;
  }

  /** Ends all runs by the signal that lets them end their tasks, and waits for them. */
  async stop(): Promise<void> {
    await this.#end([...this.#children.keys()]);
    this.#guard?.close();
    this.#guard = undefined;
  }

  /** Asks all runs to end and waits for nothing. */
  kill(): void {
    void this.stop();
  }

  async #start(task: string, folder: string, words: readonly string[]): Promise<void> {
    const { connection, host } = this.#options;
    const key = `${folder}\0${task}`;
    if (this.#children.has(key)) {
      connection.window.showWarningMessage(`${task} is running already`);
      return;
    }
    const [{ spawnChild }, { selfPath }, { randomKey }, { startGuard }] = await Promise.all([
      import("#system/process/spawn"),
      import("#system/process/self"),
      import("#system/random-key"),
      import("#system/process/guard"),
    ]);
    const guard = (this.#guard ??= startGuard({ runId: `lsp-${randomKey()}`, stayMs: 0 }));
    const spawned = spawnChild({
      argv: [selfPath(), ...words],
      cwd: folder,
      env: { ...host.env, NO_COLOR: "1" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      ownGroup: true,
    });
    if (!spawned.ok) {
      connection.window.showErrorMessage(`zr can't be started (${spawned.error.kind})`);
      return;
    }
    const child = spawned.value;
    guard.add(child.pid);
    this.#children.set(key, child);
    const log = new OutputLog((line) => connection.console.log(line));
    await Promise.all([log.take(child.stdout), log.take(child.stderr)]);
    const { code } = await child.exited;
    guard.remove(child.pid);
    this.#children.delete(key);
    if (words[0] !== "run") return;
    if (code === 0) connection.window.showInformationMessage(`${task}: done`);
    else connection.window.showErrorMessage(`${task}: failed; the output has more`);
  }

  async #end(keys: readonly string[]): Promise<void> {
    const children = keys.flatMap((key) => this.#children.get(key) ?? []);
    if (children.length === 0) return;
    const { signalProcess } = await import("#system/process/signal");
    for (const { pid } of children) signalProcess(pid, "SIGTERM");
    await Promise.all(children.map(({ exited }) => exited));
  }
}

/** Lines of output on their way to a log. */
class OutputLog {
  readonly #say: (line: string) => void;
  #shown = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async take(stream: ReadableStream<Uint8Array> | undefined): Promise<void> {
    if (stream === undefined) return;
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of stream) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = (lines.pop() ?? "").slice(-MOST_SHOWN);
      for (const line of lines) this.#show(line);
    }
    if (rest !== "") this.#show(rest);
  }

  #show(line: string): void {
    if (this.#shown > MOST_SHOWN) return;
    this.#shown += line.length + 1;
    this.#say(this.#shown > MOST_SHOWN ? "… (zr logs has the rest)" : line.replace(/\r$/, ""));
  }
}
