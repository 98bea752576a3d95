import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { within } from "#system/clock/within";
import type { Guard } from "#system/process/guard";
import { spawnChild } from "#system/process/spawn";
import type { ExitStatus, SpawnFailure } from "#system/process/spawn";
import { randomKey } from "#system/random-key";
import { signalTree } from "#system/process/tree";

export interface StepCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs?: number;
  readonly signal: AbortSignal;
  /** Told of the child, so that nothing of it outlives zr. */
  readonly guard: Guard;
}

/** How a shell runs a text. */
export interface ShellWords {
  readonly argv: readonly string[];
  /** Variables beside those of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a command of a step failed, and the end of what it printed. */
export interface CommandFailure {
  readonly reason: string;
  readonly log: string;
}

/** So much of the end of a command's output is kept, in bytes. */
const KEPT_BYTES = 64 * 1024;
/** How long it may take to end when it is asked to. */
const GRACE_MS = 3000;
/** How long output may still come after the command's own end, from what it left in the background. */
const LEFTOVER_MS = 100;

/**
 * Runs a command to its end, in a process group of its own and without input. When it is given up, and after its time,
 * it is asked to end, and killed with all that it has started where it does not.
 */
export async function runStepCommand(command: StepCommand): Promise<Result<string, CommandFailure>> {
  if (command.signal.aborted) return err({ reason: "interrupted", log: "" });
  const marker = { name: "ZR_SETUP", value: randomKey() };
  const spawned = spawnChild({
    argv: command.argv,
    cwd: command.cwd,
    env: { ...command.env, [marker.name]: marker.value },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ownGroup: true,
  });
  if (!spawned.ok) return err({ reason: startFailure(spawned.error), log: "" });
  const { pid, stdout, stderr, exited } = spawned.value;
  command.guard.add(pid);
  const tail = new Tail();
  const output = Promise.all([tail.take(stdout), tail.take(stderr)]);
  let why: string | undefined;
  const end = (reason: string): void => {
    why ??= reason;
    void signalTree({ pid, signal: "SIGTERM", marker });
    killing ??= setTimeout(() => void signalTree({ pid, signal: "SIGKILL", marker }), GRACE_MS);
  };
  let killing: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => end("interrupted");
  command.signal.addEventListener("abort", stop);
  const { limitMs } = command;
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => end(`it took longer than ${limitMs / 1000} s`), limitMs);
  const status = await exited;
  command.guard.remove(pid);
  clearTimeout(timer);
  clearTimeout(killing);
  command.signal.removeEventListener("abort", stop);
  let isQuiet = false;
  await within(
    LEFTOVER_MS,
    output.then(() => (isQuiet = true)),
  );
  if (!isQuiet || why !== undefined) await signalTree({ pid, signal: "SIGKILL", marker });
  return status.code === 0 && why === undefined
    ? ok(tail.text())
    : err({ reason: why ?? endOf(status), log: tail.text() });
}

const endOf = ({ code, signal }: ExitStatus): string =>
  code === null ? `it was ended by ${signal ?? "a signal"}` : `exit ${code}`;

function startFailure(failure: SpawnFailure): string {
  switch (failure.kind) {
    case "not-found":
      return `${failure.program} is not installed, or not on PATH`;
    case "not-executable":
      return `${failure.program} can't be executed`;
    case "no-format":
      return `${failure.program} is no program`;
    case "cwd":
      return `${failure.path} is no folder`;
    case "other":
      return failure.message;
  }
}

/** The end of what comes on several streams, in the order in which it comes. */
class Tail {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  async take(stream: ReadableStream<Uint8Array> | undefined): Promise<void> {
    for await (const chunk of stream ?? []) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      while (this.#bytes - (this.#chunks[0]?.length ?? 0) > KEPT_BYTES)
        this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.#chunks).subarray(-KEPT_BYTES));
  }
}
