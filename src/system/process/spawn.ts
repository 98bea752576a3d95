import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/** How a child ended. One of `code` and `signal` is set. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
  /** CPU time of the child and of the grandchildren that it waited for. */
  readonly cpuMs: number;
}

/** Where a child's stream goes: to us, to ours, nowhere, or to a file that is open already. */
export type ChildStream = "pipe" | "inherit" | "ignore" | number;

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `file:` reads that file. */
  readonly stdin: "ignore" | "inherit" | { readonly file: string };
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
}

/**
 * Starts a program. Its pipes have to be read from the start: they are lazy, so that a child whose output nobody takes
 * is held back instead of filling our memory.
 */
export function spawnChild(request: SpawnRequest): Result<Child, SpawnFailure> {
  const { stdin } = request;
  try {
    const child = Bun.spawn([...request.argv], {
      cwd: request.cwd,
      env: request.env,
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
      exited: child.exited.then((): ExitStatus => ({
        code: child.exitCode,
        signal: child.signalCode === null ? null : String(child.signalCode),
        cpuMs: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000,
      })),
    });
  } catch (error) {
    return err(spawnFailure(error, request.argv[0] ?? ""));
  }
}

function spawnFailure(error: unknown, program: string): SpawnFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return { kind: "not-found", program };
  if (code === "EACCES" || code === "EPERM") return { kind: "not-executable", program };
  if (code === "ENOEXEC") return { kind: "no-format", program };
  if (code === "ENOTDIR") return { kind: "cwd", path: program };
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}
