import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { childMemory } from "./child-memory";
import { knownShell } from "./known-shell";

/** How a child ended. One of `code` and `signal` is set. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
  /** CPU time of the child and of the grandchildren that it waited for. */
  readonly cpuMs: number;
  /** Of those too: the most memory that one of them had, as far as that is known, and what they read from and wrote to devices. */
  readonly taken?: {
    readonly peakMemoryBytes?: number;
    readonly readBytes: number;
    readonly writtenBytes: number;
  };
}

/** Where a child's stream goes: to us, to ours, nowhere, or to a file that is open already. */
export type ChildStream = "pipe" | "inherit" | "ignore" | number;

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `file:` reads that file; `pipe` gives the child an `input`. */
  readonly stdin: "ignore" | "inherit" | "pipe" | { readonly file: string };
  readonly stdout: ChildStream;
  readonly stderr: ChildStream;
  /** Further descriptors to hand on, as 3, 4, … */
  readonly inherit?: readonly number[];
  /** Lead a session and process group of its own, so that one signal reaches its whole tree. */
  readonly ownGroup: boolean;
}

export type SpawnFailure =
  | { readonly kind: "not-found"; readonly program: string }
  | { readonly kind: "not-executable"; readonly program: string }
  /** A script without `#!`: a shell can run it. */
  | { readonly kind: "no-format"; readonly program: string }
  | { readonly kind: "cwd"; readonly path: string }
  | { readonly kind: "other"; readonly message: string };

export interface Child {
  readonly pid: number;
  readonly stdout: ReadableStream<Uint8Array> | undefined;
  readonly stderr: ReadableStream<Uint8Array> | undefined;
  readonly exited: Promise<ExitStatus>;
  /** SIGKILL for all that is in the scope of the child; there where it has one. */
  readonly killScope?: () => Promise<void>;
  /** What it reads, where that is a pipe. */
  readonly input?: ChildInput;
  /** Sends a signal to where the child's work is done, if that is not the child itself; false where nobody is there. */
  readonly deliver?: (signal: string) => boolean;
}

/** Our end of a child's stdin. Writing to a child that has gone does nothing. */
export interface ChildInput {
  /** Settled when the child has room for more. */
  readonly write: (data: string | Uint8Array) => Promise<void>;
  readonly end: () => void;
}

/**
 * Starts a program. Its pipes have to be read from the start: they are lazy, so that a child whose output nobody takes
 * is held back instead of filling our memory.
 */
export function spawnChild(request: SpawnRequest): Result<Child, SpawnFailure> {
  const { stdin, env } = request;
  const [name = "", ...args] = request.argv;
  const shell = knownShell(name, env);
  try {
    const child = Bun.spawn([shell ?? name, ...args], {
      ...(shell === undefined ? {} : { argv0: name }),
      cwd: request.cwd,
      env,
      stdio: [
        typeof stdin === "string" ? stdin : Bun.file(stdin.file),
        request.stdout,
        request.stderr,
        ...(request.inherit ?? []),
      ],
      detached: request.ownGroup,
      lazy: true,
    });
    return ok({
      pid: child.pid,
      stdout: child.stdout instanceof ReadableStream ? child.stdout : undefined,
      stderr: child.stderr instanceof ReadableStream ? child.stderr : undefined,
      ...(stdin === "pipe" && typeof child.stdin === "object" ? { input: childInput(child.stdin) } : {}),
      exited: child.exited.then(() => exitStatusOf(child)),
    });
  } catch (error) {
    return err(spawnFailure(error, request.argv[0] ?? ""));
  }
}

/** How a child that has exited did so. */
export const exitStatusOf = (child: Bun.Subprocess): ExitStatus => ({
  code: child.exitCode,
  signal: child.signalCode === null ? null : String(child.signalCode),
  ...resourcesOf(child.resourceUsage()),
});

function childInput(sink: Bun.FileSink): ChildInput {
  const attempt = async (act: () => unknown): Promise<void> => {
    try {
      await act();
    } catch (error) {
      // A child that has gone reads nothing; how it ended says more than the system's complaint.
      if (!(error instanceof Error)) throw error;
    }
  };
  return {
    write: (data) =>
      attempt(() => {
        void sink.write(data);
        return sink.flush();
      }),
    end: () => void attempt(() => sink.end()),
  };
}

/** The unit in which the system counts reads and writes. */
const BLOCK_BYTES = 512;

function resourcesOf(usage: Bun.ResourceUsage | undefined): Pick<ExitStatus, "cpuMs" | "taken"> {
  if (usage === undefined) return { cpuMs: 0 };
  const { cpuTime, maxRSS, ops } = usage;
  const peakMemoryBytes = childMemory(maxRSS);
  return {
    cpuMs: Number(cpuTime.total) / 1000,
    taken: {
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
      readBytes: ops.in * BLOCK_BYTES,
      writtenBytes: ops.out * BLOCK_BYTES,
    },
  };
}

/** What an error of `Bun.spawn` means. */
export function spawnFailure(error: unknown, program: string): SpawnFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return { kind: "not-found", program };
  if (code === "EACCES" || code === "EPERM") return { kind: "not-executable", program };
  if (code === "ENOEXEC") return { kind: "no-format", program };
  if (code === "ENOTDIR") return { kind: "cwd", path: program };
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}
