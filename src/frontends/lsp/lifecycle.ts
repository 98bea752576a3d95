/** A message as it is needed here. */
interface Heard {
  readonly id?: string | number | null;
  readonly method?: string;
}

/** Why a request is not taken, in the words of JSON-RPC. */
export interface Untaken {
  readonly code: number;
  readonly message: string;
}

const SERVER_NOT_INITIALIZED = -32_002;
const INVALID_REQUEST = -32_600;

/**
 * What of a session is taken when (LSP 3.17, Server lifecycle): nothing before `initialize`, which comes once, and after
 * `shutdown` nothing but `exit`.
 */
export class Lifecycle {
  #state: "before" | "open" | "after" = "before";

  /** Takes note of a message. @returns undefined where it may be heard, "dropped" for a notification that may not. */
  refusal({ id, method }: Heard): Untaken | "dropped" | undefined {
    // Answers to what the server has asked, and the end.
    if (method === undefined || method === "exit") return undefined;
    if (id === undefined) return this.#state === "open" ? undefined : "dropped";
    if (this.#state === "after")
      return { code: INVALID_REQUEST, message: "the session has been ended by shutdown" };
    if (method === "initialize") {
      if (this.#state === "open")
        return { code: INVALID_REQUEST, message: "the session has been initialized already" };
      this.#state = "open";
      return undefined;
    }
    if (this.#state === "before")
      return { code: SERVER_NOT_INITIALIZED, message: "the session has to be initialized first" };
    if (method === "shutdown") this.#state = "after";
    return undefined;
  }
}
