import type { RunEvent } from "#core/model/event";
import { LIVE_FILE, LIVE_PROTOCOL, toLiveRecord } from "#core/model/live-protocol";
import type { LiveAddress, LiveHello } from "#core/model/live-protocol";
import { reduceRun } from "#core/model/record";
import type { RunRecord } from "#core/model/record";
import { listenLines } from "#system/net/line-server";
import type { LinePeer, LineServer } from "#system/net/line-server";
import type { RunFolder } from "./run-folder";
import type { RunResources } from "./run-resources";

/** Tells whoever attaches of a run. Its processes are looked at only while somebody is there. */
export class LiveSocket {
  readonly #resources: RunResources;
  readonly #peers = new Set<LinePeer>();
  readonly #waiting = new Set<LinePeer>();
  #server: LineServer | undefined;
  #record: RunRecord | undefined;
  #stopSampling: Promise<() => void> | undefined;

  private constructor(resources: RunResources) {
    this.#resources = resources;
  }

  /** Opens a socket and says in the run's folder where it is; undefined where there is no place for one. */
  static async open(
    folder: RunFolder,
    resources: RunResources,
    started: Pick<LiveAddress, "wallMs" | "request">,
  ): Promise<LiveSocket | undefined> {
    const socket = new LiveSocket(resources);
    try {
      const path = await folder.path();
      if (path === undefined) return undefined;
      socket.#server = await listenLines(`${path}/live.sock`, {
        opened: (peer) => socket.#welcome(peer),
        closed: (peer) => socket.#leave(peer),
      });
      const address: LiveAddress = { v: LIVE_PROTOCOL, address: socket.#server.address, ...started };
      const written = await folder.write(LIVE_FILE, JSON.stringify(address));
      if (written.ok) return socket;
      await socket.close();
      return undefined;
    } catch {
      // Nobody can follow this run, which is no reason not to go on with it.
      await socket.close();
      return undefined;
    }
  }

  tell(event: RunEvent): void {
    this.#record = reduceRun(this.#record, event);
    if (this.#peers.size > 0) {
      const line = JSON.stringify(event);
      for (const peer of this.#peers) peer.send(line);
    }
    for (const peer of this.#waiting) this.#greet(peer);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #welcome(peer: LinePeer): void {
    if (this.#record === undefined) this.#waiting.add(peer);
    else this.#greet(peer);
  }

  #greet(peer: LinePeer): void {
    const record = this.#record;
    if (record === undefined) return;
    const hello: LiveHello = { type: "hello", v: LIVE_PROTOCOL, zr: record.zr, record: toLiveRecord(record) };
    peer.send(JSON.stringify(hello));
    this.#waiting.delete(peer);
    this.#peers.add(peer);
    this.#stopSampling ??= this.#resources.sample();
  }

  #leave(peer: LinePeer): void {
    this.#waiting.delete(peer);
    this.#peers.delete(peer);
    if (this.#peers.size > 0) return;
    void this.#stopSampling?.then((stop) => stop());
    this.#stopSampling = undefined;
  }
}
