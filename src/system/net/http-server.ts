import { err, ok } from "#base/result";
import type { Result } from "#base/result";

export interface HttpServerOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Bytes of the largest body that is accepted; more is answered by 413. */
  readonly maxBody: number;
  readonly answer: (request: Request) => Promise<Response>;
}

export interface HttpServer {
  /** `http://127.0.0.1:9092`. */
  readonly address: string;
  /** Takes no more requests and ends when those under way have been answered. */
  readonly stop: () => Promise<void>;
}

/** Seconds without a byte after which a connection is closed. */
const IDLE_SECONDS = 60;

/** Listens for HTTP requests. The error is the system's reason why that can't be done. */
export function serveHttp(options: HttpServerOptions): Result<HttpServer, string> {
  const { hostname, port, tls, maxBody, answer } = options;
  try {
    const server = Bun.serve({
      hostname,
      port,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: maxBody,
      development: false,
      // Else two servers would share a port, each with a part of the requests.
      reusePort: false,
      ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key } }),
      fetch: (request) => answer(request),
      error: () => new Response("internal error\n", { status: 500 }),
    });
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    const address = `${tls === undefined ? "http" : "https"}://${host}:${server.port}`;
    return ok({ address, stop: () => server.stop() });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return err(error.message);
  }
}
