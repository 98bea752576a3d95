import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { LiveSocket } from "./live-socket";
import type { RunFolder } from "./run-folder";
import type { RunResources } from "./run-resources";

/** A run that is over before this can't be attached to. */
const LONG_RUN_MS = 1000;

/** Lets others follow a run that takes long: keeps its events until then, opens a socket and hands them over. */
export class LiveFeed implements RunSubscriber {
  readonly #folder: RunFolder;
  readonly #resources: RunResources;
  #early: RunEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #socket: Promise<LiveSocket | undefined> | undefined;
  #open: LiveSocket | undefined;
  #isGivenUp = false;

  constructor(folder: RunFolder, resources: RunResources) {
    this.#folder = folder;
    this.#resources = resources;
  }

  /** The first child has been started. Later calls do nothing. */
  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.#socket = this.#openSocket();
    }, LONG_RUN_MS);
  }

  readonly event = (event: RunEvent): void => {
    if (this.#open !== undefined) this.#open.tell(event);
    else if (!this.#isGivenUp) this.#early.push(event);
  };

  readonly close = async (): Promise<void> => {
    clearTimeout(this.#timer);
    await (await this.#socket)?.close();
  };

  async #openSocket(): Promise<LiveSocket | undefined> {
    const { LiveSocket: Socket } = await import("./live-socket");
    const [first] = this.#early;
    const started =
      first?.type === "run.started"
        ? { wallMs: first.wallMs, request: first.request }
        : { wallMs: 0, request: [] };
    const socket = await Socket.open(this.#folder, this.#resources, started);
    // Nothing comes in between: from here on it is told as things happen.
    for (const event of this.#early) socket?.tell(event);
    this.#early = [];
    this.#open = socket;
    this.#isGivenUp = socket === undefined;
    return socket;
  }
}
