import type { Result } from "#base/result";
import { ok } from "#base/result";
import type { Guard } from "./guard";
import { spawnChild } from "./spawn";
import type { SpawnFailure } from "./spawn";
import { signalTree } from "./tree";
import { within } from "#system/clock/within";
import { answersOf, noteObstacle, noteRepeatable } from "#system/fs/read-trace";
import { operatingSystem } from "#system/runtime-modules";

export interface CaptureRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** After so long, in milliseconds, it is killed with all it has started. */
  readonly limitMs: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /** Ends its process group where zr is killed meanwhile. */
  readonly guard?: Guard;
  /** Looks at every file that its answer depends on, in a way that notes them; not given: nobody knows them. */
  readonly noteReads?: () => void;
}

/** What a short command printed, decoded as UTF-8. */
export interface Captured {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + n where signal n ended it; null where the time limit did. */
  readonly exitCode: number | null;
}

interface Collector {
  readonly bytes: Uint8Array[];
  readonly ended: Promise<void>;
}

/** How long output may still come after the command's own end, from what it left in the background. */
const LEFTOVER_MS = 100;
const MARKER_NAME = "ZR_CAPTURE";

/**
 * Runs a command without stdin, in a process group of its own, and collects what it prints. Whatever it leaves behind
 * is killed: background processes that hold its output open get a tenth of a second.
 */
export async function captureCommand(request: CaptureRequest): Promise<Result<Captured, SpawnFailure>> {
  if (request.noteReads === undefined) noteObstacle(answersOf(request.argv[0] ?? ""));
  else noteRepeatable(request.noteReads);
  const marker = { name: MARKER_NAME, value: crypto.randomUUID() };
  const spawned = spawnChild({
    argv: request.argv,
    cwd: request.cwd,
    env: { ...request.env, [marker.name]: marker.value },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ownGroup: true,
  });
  if (!spawned.ok) return spawned;
  const child = spawned.value;
  request.guard?.add(child.pid);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const output = Promise.all([stdout.ended, stderr.ended]);
  const end = (): void => void signalTree({ pid: child.pid, signal: "SIGKILL", marker });
  request.signal?.addEventListener("abort", end);
  const hasEnded = await within(request.limitMs, child.exited);
  request.signal?.removeEventListener("abort", end);
  if (!hasEnded || !(await within(LEFTOVER_MS, output))) {
    await signalTree({ pid: child.pid, signal: "SIGKILL", marker });
    await within(LEFTOVER_MS, output);
  }
  request.guard?.remove(child.pid);
  return ok({
    stdout: textOf(stdout),
    stderr: textOf(stderr),
    exitCode: hasEnded ? await exitCode(child.exited) : null,
  });
}

async function exitCode(
  exited: Promise<{ readonly code: number | null; readonly signal: string | null }>,
): Promise<number> {
  const { code, signal } = await exited;
  if (code !== null) return code;
  const { constants } = operatingSystem();
  return 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
}

function collect(stream: ReadableStream<Uint8Array> | undefined): Collector {
  const bytes: Uint8Array[] = [];
  const read = async (): Promise<void> => {
    for await (const chunk of stream ?? []) bytes.push(chunk);
  };
  return { bytes, ended: read() };
}

function textOf({ bytes }: Collector): string {
  return new TextDecoder().decode(Buffer.concat(bytes));
}
