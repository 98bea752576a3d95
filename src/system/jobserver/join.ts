import { PIPE_PLACE, serve } from "./jobserver";
import type { Jobserver } from "./jobserver";
import { jobserverFlags, parseMakeflags } from "./makeflags";
import type { JobserverAddress } from "./makeflags";
import type { PipeCalls } from "./pipe-calls";
import { TokenQueue } from "./token-queue";

interface Joined {
  readonly read: number;
  readonly write: number;
  readonly readBlocks: boolean;
  readonly inherit: readonly number[];
}

/**
 * Takes part in the jobserver that an outer make, cargo or zr names in the environment: the first instance runs in the
 * slot that we were started in, every further one needs a token of theirs. Children get the same jobserver. Undefined
 * where none is named, or the named one is not there (make gives its descriptors only to what it takes for a make).
 */
export async function joinJobserver(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Jobserver | undefined> {
  const { address, style, slots } = parseMakeflags(env["MAKEFLAGS"] ?? env["CARGO_MAKEFLAGS"] ?? "");
  if (address === undefined || !(await isPipe(pathOf(address)))) return undefined;
  const [{ loadPipeCalls }, { pipePool }] = await Promise.all([
    import("./pipe-calls"),
    import("./pipe-pool"),
  ]);
  const calls = loadPipeCalls();
  const joined = calls === undefined ? undefined : open(calls, address);
  if (calls === undefined || joined === undefined) return undefined;
  const place = address.kind === "fifo" ? address.path : PIPE_PLACE;
  return serve(new TokenQueue(pipePool(calls, joined), { slots, role: "client" }), {
    slots,
    inherit: joined.inherit,
    makeflags: jobserverFlags(slots, style, place),
  });
}

/** Opens both ends once more: the inherited ones are shared with processes that may need them to block. */
function open(calls: PipeCalls, address: JobserverAddress): Joined | undefined {
  const [readPath, writePath] =
    address.kind === "fifo"
      ? [address.path, address.path]
      : [descriptorPath(address.read), descriptorPath(address.write)];
  const read = calls.open(readPath, { end: "read", blocks: false });
  const write = read === undefined ? undefined : calls.open(writePath, { end: "write", blocks: false });
  if (read === undefined || write === undefined) {
    if (read !== undefined) calls.close(read);
    return undefined;
  }
  const inherit = address.kind === "fifo" ? [] : [address.read, address.write];
  // Only Linux opens a descriptor's path anew; elsewhere it is one more name of the same open file.
  return { read, write, inherit, readBlocks: address.kind === "pipe" && process.platform !== "linux" };
}

function pathOf(address: JobserverAddress): string {
  return address.kind === "fifo" ? address.path : descriptorPath(address.read);
}

function descriptorPath(descriptor: number): string {
  return process.platform === "linux" ? `/proc/self/fd/${descriptor}` : `/dev/fd/${descriptor}`;
}

async function isPipe(path: string): Promise<boolean> {
  try {
    return (await Bun.file(path).stat()).isFIFO();
  } catch {
    // Not there, or closed: the flags outlived what they name.
    return false;
  }
}
