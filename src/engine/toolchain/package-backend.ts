import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Release } from "#core/toolchain/toolchain";
import { captureCommand } from "#system/process/capture";
import type { Captured } from "#system/process/capture";
import { startGuard } from "#system/process/guard";
import { randomKey } from "#system/random-key";
import { which } from "#system/which";
import type { ToolFailure } from "./tool-failure";

/** A registry whose own client finds and installs its tools, with the user's settings for it. */
export interface PackageBackend {
  /** The client, looked for on PATH, first to last. */
  readonly programs: readonly string[];
  /** The versions of a package that answer a request; its client may know only the one that it would install. */
  readonly releases: (
    name: string,
    request: string,
    client: PackageClient,
  ) => Promise<Result<readonly Release[], ToolFailure>>;
  /** Installs into `home`, an empty folder in its final place. Gives the folders for PATH, relative to it. */
  readonly install: (
    install: PackageInstall,
    client: PackageClient,
  ) => Promise<Result<readonly string[], ToolFailure>>;
}

export interface PackageInstall {
  readonly name: string;
  readonly version: string;
  readonly home: string;
}

/** The client of a registry, found and ready to be asked. */
export interface PackageClient {
  /** Absolute path. */
  readonly program: string;
  /** What is on PATH beside the system's: the tools that the project itself asks for. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder without a project in it. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly isWindows: boolean;
  /** How long a server may be silent, in milliseconds, where the client can be told. */
  readonly silenceMs: number;
}

const ASK_LIMIT_MS = 120_000;
/** A question is asked this often at most, as far as servers are silent; what is over is for pauses. */
const ASK_TRIES = 4;
const INSTALL_LIMIT_MS = 30 * 60_000;
/** What clients say last says best what is wrong, but for what npm says behind everything and what has no words. */
const LAST_LINES = 4;
const IDLE_LINE =
  /A complete log of this run can be found in|Log files were not written|^(?:npm error(?: \d+)?)?$/;

/** The first of the programs that is on PATH. */
export function findClient(
  backend: PackageBackend,
  tool: string,
  at: Omit<PackageClient, "program">,
): Result<PackageClient, ToolFailure> {
  for (const name of backend.programs) {
    const program = which(name, { path: at.env["PATH"] ?? "", cwd: at.cwd });
    if (program !== undefined) return ok({ ...at, program });
  }
  return err({ code: "E422", data: { tool, program: backend.programs[0] ?? "" } });
}

/** Asks the client something short. */
export const ask = (
  client: PackageClient,
  tool: string,
  ...args: readonly string[]
): Promise<Result<Captured, ToolFailure>> =>
  runClient({ client, tool, args, limitMs: Math.max(ASK_LIMIT_MS, ASK_TRIES * client.silenceMs) });

/** Lets the client fetch and build. */
export const work = (
  client: PackageClient,
  tool: string,
  ...args: readonly string[]
): Promise<Result<Captured, ToolFailure>> => runClient({ client, tool, args, limitMs: INSTALL_LIMIT_MS });

async function runClient({
  client,
  tool,
  args,
  limitMs,
}: {
  readonly client: PackageClient;
  readonly tool: string;
  readonly args: readonly string[];
  readonly limitMs: number;
}): Promise<Result<Captured, ToolFailure>> {
  const { program, env, cwd, signal } = client;
  const command = [program.slice(program.lastIndexOf("/") + 1), ...args].join(" ");
  // It works in its final place: left behind, it would meet the next one that installs the same.
  const guard = startGuard({ runId: randomKey(), stayMs: 0 });
  const ran = await captureCommand({ argv: [program, ...args], cwd, env, limitMs, signal, guard });
  guard.close();
  if (!ran.ok) return err({ code: "E421", data: { tool, command, reason: "it can't be started" } });
  const { exitCode, stderr, stdout } = ran.value;
  if (exitCode === 0) return ok(ran.value);
  const lines = (stderr.trim() === "" ? stdout : stderr).split("\n").map((line) => line.trim());
  const said = lines
    .filter((line) => !IDLE_LINE.test(line))
    .slice(-LAST_LINES)
    .join("; ");
  const reason = signal.aborted
    ? "it was interrupted"
    : exitCode === null
      ? `no end after ${limitMs / 1000} s`
      : said === ""
        ? `it exited with ${exitCode}`
        : said;
  return err({ code: "E421", data: { tool, command, reason } });
}
