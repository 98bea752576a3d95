import type { LogEntry } from "#app/catalogue/operation";
import type { Sdk, Server } from "./sdk";

type Level = Parameters<Server["sendLoggingMessage"]>[0]["level"];

/** Sends one message. */
export type SendMessage = (notification: {
  readonly method: "notifications/message";
  readonly params: { readonly level: Level; readonly logger: string; readonly data: object };
}) => Promise<void>;

/** What is sent to a client that has not said what it wants. */
const USUAL: Level = "warning";

/** The log that a client gets: what is at least as severe as it has asked for. */
export class LogMessages {
  readonly #levels: readonly Level[];
  #least: Level = USUAL;

  constructor(server: Server, { types }: Sdk) {
    this.#levels = types.LoggingLevelSchema.options;
    server.setRequestHandler(types.SetLevelRequestSchema, ({ params }) => {
      this.#least = params.level;
      return {};
    });
  }

  tell({ level, message, run, task }: LogEntry, send: SendMessage): void {
    if (this.#levels.indexOf(level) < this.#levels.indexOf(this.#least)) return;
    const data = { message, run, ...(task === undefined ? {} : { task }) };
    // It fails where the client has gone, which is found out elsewhere: nobody waits for it.
    void send({ method: "notifications/message", params: { level, logger: "run", data } }).catch(
      () => undefined,
    );
  }
}
