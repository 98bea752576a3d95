import { noteObstacle } from "#system/fs/read-trace";
import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { ProgressWindow } from "./progress-window";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | HttpUpload;
  /** Whether a body that its server calls compressed is left so: some say that of every archive. */
  readonly isRaw?: boolean;
  /** How long the other side may leave this one waiting, see {@link ProgressWindow}. */
  readonly timeoutMs: number;
  /** PEM certificates to trust instead of those of the system. */
  readonly ca?: string | undefined;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** A body that is not in memory. */
export interface HttpUpload {
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Fails with an {@link HttpError}. Whoever gets it reads it to its end or cancels it. */
  readonly body: ReadableStream<Uint8Array> | undefined;
}

export type HttpTroubleKind = "timeout" | "unreachable" | "cancelled" | "source";

/** No answer: not in time, nobody there or the connection broke, ended by this side, or the body could not be read. */
export interface HttpTrouble {
  readonly kind: HttpTroubleKind;
  readonly reason: string;
}

export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly trouble: HttpTrouble;

  constructor(trouble: HttpTrouble) {
    super(trouble.reason);
    this.trouble = trouble;
  }
}

/**
 * Sends a request and waits for the head of the answer. Redirections are answers. The reason of a trouble names no part
 * of the address beyond its host.
 */
export async function httpRequest(request: HttpRequest): Promise<Result<HttpAnswer, HttpTrouble>> {
  const exchange = new Exchange(request);
  try {
    const { body, ...init } = exchange.init();
    noteObstacle("what a server answers");
    const response = await fetch(request.url, body === undefined ? init : { ...init, body });
    return ok({
      status: response.status,
      headers: response.headers,
      body: response.body === null ? exchange.ended() : exchange.received(response.body),
    });
  } catch (error) {
    exchange.ended();
    return err(exchange.troubleOf(error));
  }
}

class Exchange {
  readonly #request: HttpRequest;
  readonly #cut = new AbortController();
  readonly #window: ProgressWindow;
  #ownTrouble: HttpTrouble | undefined;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.#window = new ProgressWindow(request.timeoutMs, () =>
      this.#end({ kind: "timeout", reason: `no answer within ${request.timeoutMs / 1000}s` }),
    );
    if (request.signal.aborted) this.#onSignal();
    request.signal.addEventListener("abort", this.#onSignal);
  }

  init(): BunFetchRequestInit & {
    readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;
  } {
    const { method, headers = {}, body, ca, isRaw = false } = this.#request;
    const isUpload = typeof body === "object" && !(body instanceof Uint8Array);
    this.#window.wait();
    return {
      method,
      headers: {
        // A body that unpacks itself has no size that could be trusted.
        "Accept-Encoding": "identity",
        ...headers,
        ...(isUpload ? { "Content-Length": String(body.size) } : {}),
      },
      redirect: "manual",
      ...(isRaw ? { decompress: false } : {}),
      signal: this.#cut.signal,
      ...(ca === undefined ? {} : { tls: { ca } }),
      body: isUpload ? this.#sent(body.open()) : body,
    };
  }

  troubleOf(error: unknown): HttpTrouble {
    if (this.#ownTrouble !== undefined) return this.#ownTrouble;
    return { kind: "unreachable", reason: connectionReason(error, this.#request.url) };
  }

  /** Nothing more is to come. */
  ended(): undefined {
    this.#window.stop();
    this.#request.signal.removeEventListener("abort", this.#onSignal);
    return undefined;
  }

  /** What is received, watched; its errors are {@link HttpError}s. */
  received(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    this.#window.renew();
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          this.#window.wait();
          try {
            const { done, value } = await reader.read();
            this.#window.moved(value?.length ?? 0);
            if (value !== undefined) controller.enqueue(value);
            if (!done) return;
            this.ended();
            controller.close();
          } catch (error) {
            this.ended();
            controller.error(new HttpError(this.troubleOf(error)));
          }
        },
        cancel: async () => {
          this.ended();
          await this.#dropped(reader);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #dropped(reader: { readonly cancel: () => Promise<void> }): Promise<void> {
    try {
      await reader.cancel();
    } catch {
      // A connection that broke meanwhile is as closed as it should be.
      return;
    }
  }

  /** What is sent, watched: the time from giving a piece to being asked for the next is the other side's. */
  #sent(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = source.getReader();
    let given = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          this.#window.moved(given);
          const piece = await this.#pieceOf(reader);
          if (!piece.ok) {
            controller.error(piece.error);
            return;
          }
          given = piece.value?.length ?? 0;
          try {
            if (piece.value === undefined) controller.close();
            else controller.enqueue(piece.value);
          } catch {
            // The connection broke during the read: the request fails with that, the source is not to blame.
            return;
          }
          if (piece.value === undefined) this.#window.renew();
          this.#window.wait();
        },
        cancel: async () => await this.#dropped(reader),
      },
      { highWaterMark: 0 },
    );
  }

  /** The next piece of what is to be sent, nothing at its end. What can't be read ends the request. */
  async #pieceOf(reader: Reader): Promise<Result<Uint8Array | undefined, unknown>> {
    try {
      return ok((await reader.read()).value);
    } catch (error) {
      this.#end({ kind: "source", reason: `what was to be sent could not be read: ${messageOf(error)}` });
      return err(error);
    }
  }

  readonly #onSignal = (): void => this.#end({ kind: "cancelled", reason: "it was given up" });

  #end(trouble: HttpTrouble): void {
    this.#ownTrouble ??= trouble;
    this.#window.stop();
    this.#cut.abort(new Error(trouble.reason));
  }
}

interface Reader {
  readonly read: () => Promise<{ readonly value?: Uint8Array | undefined }>;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ConnectionRefused: "connection refused",
  ECONNRESET: "the connection broke",
  ConnectionClosed: "the connection broke",
  ENOTFOUND: "no such host",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is not trusted",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

/** The reason in words; the runtime's own text only where it does not hold the address. */
function connectionReason(error: unknown, url: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = REASONS[code];
  if (known !== undefined) return known;
  if (!URL.canParse(url)) return "its address is not valid";
  return code === "" ? "the request failed" : `the request failed (${code})`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
