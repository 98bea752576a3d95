import { fileSystem } from "#system/runtime-modules";

/** A process that listens on a port. */
export interface PortOwner {
  readonly pid: number;
  readonly program: string;
}

/** State of a socket that listens (Linux, `include/net/tcp_states.h`). */
const LISTEN = "0A";

/**
 * Who listens on a TCP port, as far as the system lets us see it: on Linux by the tables of sockets and the open files of
 * processes (proc(5), `/proc/net/tcp`). Undefined where it can't be told.
 */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  if (process.platform !== "linux") return undefined;
  const { readFile, readdir, readlink } = fileSystem();
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"])
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      const own = Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16);
      if (state === LISTEN && own === port && inode !== undefined) inodes.add(`socket:[${inode}]`);
    }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)))
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      if (!inodes.has(target)) continue;
      const program = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
      return { pid: Number(pid), program };
    }
  return undefined;
}
