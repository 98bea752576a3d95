import type { Transport } from "./sdk";

/** The first revision of the protocol with links to resources in answers. */
const LINKS_SINCE = "2025-06-18";

/** Which revision of the protocol a client has asked for; the library keeps that to itself. */
export class SpokenRevision {
  #asked = "";

  /** Whether the client knows links to resources. */
  get knowsLinks(): boolean {
    return this.#asked >= LINKS_SINCE;
  }

  /** To be called when the server is connected: reads along. */
  listen(transport: Transport): void {
    const { onmessage } = transport;
    transport.onmessage = (message, extra) => {
      if ("method" in message && message.method === "initialize") {
        const version = message.params?.["protocolVersion"];
        if (typeof version === "string") this.#asked = version;
      }
      onmessage?.(message, extra);
    };
  }
}
