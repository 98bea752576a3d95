import { createServer } from "./create-server";
import { refusalOf } from "./http-access";
import { loadSdk } from "./sdk";
import type { HttpTransport, Sdk, Server } from "./sdk";
import { randomKey } from "#system/random-key";
import type { ServerSetting } from "./setting";
import { MOST_MESSAGE_BYTES } from "./stdio-transport";

/** Clients at once; of more the one that was silent longest is let go. */
const MOST_SESSIONS = 64;
/** How long a client whose connection broke may be away before what it waits for is stopped. */
const AWAY_MS = 10_000;

interface Session {
  readonly server: Server;
  readonly transport: HttpTransport;
  away: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Answers the requests of the streamable HTTP transport at `/mcp`, for any number of clients, each with a session. A
 * client that breaks its connection in the middle of a request and does not come back is taken for gone.
 */
export class HttpSessions {
  readonly #setting: ServerSetting;
  readonly #token: string;
  readonly #sdk: Sdk;
  readonly #awayMs: number;
  readonly #sessions = new Map<string, Session>();

  private constructor(options: HttpOptions, sdk: Sdk) {
    this.#setting = options.setting;
    this.#token = options.token;
    this.#awayMs = options.awayMs ?? AWAY_MS;
    this.#sdk = sdk;
  }

  static async open(options: HttpOptions): Promise<HttpSessions> {
    return new HttpSessions(options, await loadSdk());
  }

  async answer(request: Request): Promise<Response> {
    const refusal = refusalOf(request, this.#token);
    if (refusal !== undefined) return refused(refusal.status, refusal.reason);
    if (new URL(request.url).pathname !== "/mcp") return refused(404, "there is /mcp");
    const id = request.headers.get("mcp-session-id");
    if (id === null) return this.#begin(request);
    const session = this.#sessions.get(id);
    if (session === undefined) return refused(404, "there is no such session");
    // The one that was heard last comes last.
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return this.#pass(session, request);
  }

  /** Lets every client go; what they wait for is stopped. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { away, server } of sessions) {
      clearTimeout(away);
      await server.close();
    }
  }

  /** A request without a session can only begin one; the transport refuses any other. */
  async #begin(request: Request): Promise<Response> {
    const { server, connect } = createServer(this.#sdk, this.#setting);
    const transport = new this.#sdk.WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomKey(),
      onsessioninitialized: (id) => this.#keep(id, session),
      onsessionclosed: (id) => this.#forget(id),
      maxRequestBodySize: MOST_MESSAGE_BYTES,
    });
    const session: Session = { server, transport, away: undefined };
    await connect(transport);
    const response = await this.#pass(session, request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async #pass(session: Session, request: Request): Promise<Response> {
    clearTimeout(session.away);
    const { signal } = request;
    const gone = (): void => {
      clearTimeout(session.away);
      session.away = setTimeout(() => this.#leave(session), this.#awayMs);
    };
    if (request.method === "POST") signal.addEventListener("abort", gone, { once: true });
    return session.transport.handleRequest(request);
  }

  #keep(id: string, session: Session): void {
    this.#sessions.set(id, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) {
      const old = this.#sessions.get(oldest);
      if (old !== undefined) this.#leave(old);
    }
  }

  #forget(id: string): void {
    clearTimeout(this.#sessions.get(id)?.away);
    this.#sessions.delete(id);
  }

  #leave(session: Session): void {
    if (session.transport.sessionId !== undefined) this.#forget(session.transport.sessionId);
    void session.server.close();
  }
}

export interface HttpOptions {
  readonly setting: ServerSetting;
  readonly token: string;
  readonly awayMs?: number;
}

/** As the library refuses: an error of JSON-RPC that belongs to no request. */
function refused(status: number, message: string): Response {
  const headers = {
    "content-type": "application/json",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  };
  return new Response(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_000, message } }), {
    status,
    headers,
  });
}
