import { openCLibrary } from "#system/c-library";

/** The system calls on pipes that the runtime doesn't offer. They fail by their value: none throws. */
export interface PipeCalls {
  /** Makes a named pipe that only this user may open. */
  readonly makeFifo: (path: string) => boolean;
  /** Opens a pipe by path; children don't inherit it unless it is handed to them. Undefined where that fails. */
  readonly open: (path: string, options: OpenOptions) => number | undefined;
  /** Up to `count` bytes, empty where there are none now. The descriptor must not be one that blocks. */
  readonly read: (descriptor: number, count: number) => Uint8Array;
  readonly write: (descriptor: number, bytes: Uint8Array) => void;
  /** Whether a read would give something at this moment. */
  readonly isReadable: (descriptor: number) => boolean;
  readonly close: (descriptor: number) => void;
  readonly remove: (path: string) => void;
}

export interface OpenOptions {
  readonly end: "read" | "write";
  /** Whether reads and writes wait. */
  readonly blocks: boolean;
}

const SYMBOLS = {
  mkfifo: { args: ["cstring", "u32"], returns: "i32" },
  open: { args: ["cstring", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "usize"], returns: "i32" },
  write: { args: ["i32", "ptr", "usize"], returns: "i32" },
  poll: { args: ["ptr", "usize", "i32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  unlink: { args: ["cstring"], returns: "i32" },
} as const;

const FIFO_MODE = 0o600;
const POLL_IN = 1;

/** The calls of this system's C library; undefined where it has none that we know (Windows). */
export function loadPipeCalls(): PipeCalls | undefined {
  const library = openCLibrary(SYMBOLS);
  if (library === undefined) return undefined;
  const flags = openFlags();
  return {
    makeFifo: (path) => library.mkfifo(cString(path), FIFO_MODE) === 0,
    open: (path, { end, blocks }) => {
      const mode = (end === "write" ? 1 : 0) | flags.closeOnExec | (blocks ? 0 : flags.nonBlocking);
      const descriptor = library.open(cString(path), mode);
      return descriptor < 0 ? undefined : descriptor;
    },
    read: (descriptor, count) => {
      const buffer = new Uint8Array(count);
      return buffer.subarray(0, Math.max(0, library.read(descriptor, buffer, count)));
    },
    write: (descriptor, bytes) => void library.write(descriptor, bytes, bytes.length),
    isReadable: (descriptor) => {
      const request = new Int16Array(4);
      new Int32Array(request.buffer)[0] = descriptor;
      request[2] = POLL_IN;
      return library.poll(request, 1, 0) === 1;
    },
    close: (descriptor) => void library.close(descriptor),
    remove: (path) => void library.unlink(cString(path)),
  };
}

/** O_CLOEXEC and O_NONBLOCK, the same on x64 and arm64. */
const openFlags = () =>
  process.platform === "darwin"
    ? { closeOnExec: 0x100_0000, nonBlocking: 0x4 }
    : { closeOnExec: 0o2_000_000, nonBlocking: 0o4000 };

const cString = (text: string): Buffer => Buffer.from(`${text}\0`);
