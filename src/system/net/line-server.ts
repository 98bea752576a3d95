import { fileSystem, operatingSystem } from "#system/runtime-modules";

/** One that is connected. */
export interface LinePeer {
  /** Sends a line; one that does not take what it is sent is cut off. */
  readonly send: (line: string) => void;
  /** Closes the connection when everything is sent. */
  readonly end: () => void;
}

export interface LineServer {
  /** Where others connect to. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

export interface LineServerHooks {
  readonly opened: (peer: LinePeer) => void;
  readonly closed: (peer: LinePeer) => void;
}

/** A socket's path may have so many bytes on every system (108 on Linux and 104 on macOS, with its end). */
const LONGEST_PATH_BYTES = 100;
/** So much may wait for a peer. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** How long peers may take for the rest when the server is closed. */
const CLOSE_MS = 1000;

interface State {
  readonly peer: PeerQueue;
}

/**
 * Listens on a socket that only this user can connect to: `path`, or another among the temporary files where that is too
 * long; a named pipe on Windows. What peers send is not read.
 */
export async function listenLines(path: string, hooks: LineServerHooks): Promise<LineServer> {
  const { address, folder } = await placeFor(path);
  const peers = new Set<PeerQueue>();
  const leave = (peer: PeerQueue): void => {
    if (!peers.delete(peer)) return;
    peer.gone();
    hooks.closed(peer);
  };
  const listener = Bun.listen<State>({
    unix: address,
    socket: {
      open: (socket) => {
        const peer = new PeerQueue(socket);
        socket.data = { peer };
        peers.add(peer);
        hooks.opened(peer);
      },
      data: () => undefined,
      drain: (socket) => socket.data.peer.drain(),
      close: (socket) => leave(socket.data.peer),
      error: (socket) => leave(socket.data.peer),
    },
  });
  if (process.platform !== "win32") await fileSystem().chmod(address, 0o600);
  return {
    address,
    close: async () => {
      listener.stop(false);
      for (const peer of peers) peer.end();
      await Promise.race([Promise.all([...peers].map((peer) => peer.left)), Bun.sleep(CLOSE_MS)]);
      listener.stop(true);
      if (folder !== undefined) await fileSystem().rm(folder, { recursive: true, force: true });
    },
  };
}

async function placeFor(
  path: string,
): Promise<{ readonly address: string; readonly folder: string | undefined }> {
  if (process.platform === "win32")
    return { address: `\\\\.\\pipe\\zr-${crypto.randomUUID()}`, folder: undefined };
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return { address: path, folder: undefined };
  const folder = await fileSystem().mkdtemp(`${operatingSystem().tmpdir()}/zr-`);
  return { address: `${folder}/socket`, folder };
}

/** Keeps what a peer has not taken yet. */
class PeerQueue implements LinePeer {
  readonly #socket: Bun.Socket<State>;
  readonly #left = Promise.withResolvers<void>();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isEnding = false;

  constructor(socket: Bun.Socket<State>) {
    this.#socket = socket;
  }

  get left(): Promise<void> {
    return this.#left.promise;
  }

  send(line: string): void {
    if (this.#isEnding) return;
    this.#waiting.push(new TextEncoder().encode(`${line}\n`));
    this.#waitingBytes += line.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#socket.terminate();
    else if (this.#waiting.length === 1) this.drain();
  }

  end(): void {
    this.#isEnding = true;
    if (this.#waiting.length === 0) this.#socket.end();
  }

  drain(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const taken = this.#socket.write(first);
      this.#waitingBytes -= Math.max(0, taken);
      if (taken < first.length) {
        if (taken > 0) this.#waiting[0] = first.subarray(taken);
        return;
      }
      this.#waiting.shift();
    }
    this.#waitingBytes = 0;
    if (this.#isEnding) this.#socket.end();
  }

  gone(): void {
    this.#waiting = [];
    this.#isEnding = true;
    this.#left.resolve();
  }
}
