import type { Failure } from "#core/model/outcome";
import type { Instance, RemoteHost } from "#core/model/plan";
import type { RemoteCommand } from "#engine/remote/remote-program";
import { signalProcess } from "#system/process/signal";
import { spawnChild } from "#system/process/spawn";
import type { Child } from "#system/process/spawn";
import type { Command } from "./command";
import type { RunContext } from "./run-context";

export interface StartOptions {
  /** Variables for the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** The command reads what follows its program. */
  readonly takesInput?: boolean;
}

/** An `ssh` to start here, with all that it needs. */
export type RemoteStart = Command & Required<Pick<Command, "replaceEnv" | "remote">>;

/** Whoever knows how to run a command on the other machine. */
export interface RemoteStarter {
  readonly start: (command: RemoteCommand, options: StartOptions) => RemoteStart;
}

export interface TransferOptions {
  readonly instance: Instance;
  readonly remote: RemoteHost;
  readonly attempt: RemoteStarter;
  readonly context?: Pick<RunContext, "guard">;
  /** Told of every process, so that a stop can reach it. */
  readonly onStart?: (child: Child) => void;
}

const TAIL_CHARACTERS = 4096;

export interface Streams {
  /** What follows the program. */
  readonly feed?: () => AsyncIterable<Uint8Array>;
  /** Resolved before the end where nothing more is wanted. */
  readonly read: (stdout: ReadableStream<Uint8Array>) => Promise<"end" | "enough">;
}

/** Takes what comes and does nothing with it. */
export const ignored: Streams["read"] = async (stdout) => {
  for await (const _ of stdout);
  return "end";
};

/** Runs a command there that reads or writes a stream of bytes: what `ssh` is otherwise used for. */
export async function transfer(
  command: RemoteCommand,
  { instance, remote, attempt, context, onStart }: TransferOptions,
  { feed, read }: Streams,
): Promise<Failure | undefined> {
  const start = attempt.start(command, { takesInput: feed !== undefined });
  const spawned = spawnChild({
    argv: start.argv,
    cwd: instance.cwd,
    env: start.replaceEnv,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    // An interactive task's ssh may ask on the terminal, which our own group has.
    ownGroup: !instance.interactive,
  });
  if (!spawned.ok) {
    const { kind } = spawned.error;
    return kind === "not-found"
      ? { kind, program: start.argv[0] ?? "ssh" }
      : { kind: "spawn", message: `${start.argv[0] ?? "ssh"} can't be started` };
  }
  const child = start.remote.attach(spawned.value);
  context?.guard.add(child.pid);
  onStart?.(child);
  let unread: Failure | undefined;
  const feeding = feed === undefined ? undefined : sendAll(child, feed, instance.environment);
  const [said] = await Promise.all([
    tailOf(child.stderr),
    child.stdout === undefined
      ? undefined
      : read(child.stdout).then((how) => how === "enough" && signalProcess(child.pid, "SIGKILL")),
    feeding?.then((failure) => (unread = failure)),
  ]);
  const status = await child.exited;
  context?.guard.remove(child.pid);
  const failure = start.remote.failure(status) ?? unread;
  if (failure !== undefined || status.code === 0) return failure;
  const message = said === "" ? `copying ended with exit code ${status.code}` : said;
  return { kind: "io", path: `${remote.host}:${remote.cwd ?? ""}`, message };
}

/** Sends an archive and closes the input. */
async function sendAll(
  { input, exited }: Child,
  feed: () => AsyncIterable<Uint8Array>,
  folder: string,
): Promise<Failure | undefined> {
  let isOver = false;
  void exited.then(() => (isOver = true));
  try {
    for await (const piece of feed()) {
      if (isOver) break;
      // Whoever does not read must not fill our memory; whoever has gone must not keep us.
      await Promise.race([input?.write(piece), exited]);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { kind: "io", path: folder, message: error.message };
  } finally {
    input?.end();
  }
}

/** The last line of what a child says on its error output. */
async function tailOf(stream: ReadableStream<Uint8Array> | undefined): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream ?? [])
    text = (text + decoder.decode(piece, { stream: true })).slice(-TAIL_CHARACTERS);
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  // oxlint-disable-next-line no-control-regex
  return line.replaceAll(/[\0-\x1f\x7f-\x9f]/g, "");
}
