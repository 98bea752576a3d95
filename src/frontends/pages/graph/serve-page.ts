import type { Result } from "#base/result";
import { serveHttp } from "#system/net/http-server";
import type { LiveAddresses } from "./graph-data";

export interface ServedPage {
  /** 0 takes a free one. */
  readonly port: number;
  /** The first part of every path. Who does not know it gets nothing. */
  readonly key: string;
  /** The page as it is now. */
  readonly page: () => string;
  /** What it shows, as JSON. */
  readonly data: () => string;
}

export interface PageServer {
  /** Of the page, with the key. */
  readonly address: string;
  /** Tells every open page that there is something new. */
  readonly changed: () => void;
  readonly stop: () => Promise<void>;
}

/** Where a page that is served under `key` asks its server. */
export const servedPaths = (key: string): LiveAddresses => ({
  events: `/${key}/events`,
  data: `/${key}/data`,
});

/** So often something is sent, so that nobody on the way takes the connection for dead. */
const KEEP_ALIVE_MS = 20_000;

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Serves a page on this machine only, to who knows its address: other users of the machine can reach the port too, and
 * learn nothing without the key. A request whose `Host` is not this server is refused: that is how a page from
 * elsewhere, whose name has been made to lead here, would ask (DNS rebinding). Changes are told by server-sent events
 * (WHATWG HTML, 9.2).
 */
export function servePage({ port, key, page, data }: ServedPage): Result<PageServer, string> {
  const listeners = new Set<ReadableStreamDefaultController<string>>();
  const send = (text: string): void => {
    for (const listener of listeners) {
      try {
        listener.enqueue(text);
      } catch {
        // Closed by the other side between two looks.
        listeners.delete(listener);
      }
    }
  };
  const paths = servedPaths(key);
  let hosts: ReadonlySet<string> = new Set();
  const answer = async (request: Request): Promise<Response> => {
    if (!hosts.has(request.headers.get("host") ?? "")) return reply("wrong host\n", 403);
    if (request.method !== "GET") return reply("only GET\n", 405);
    switch (new URL(request.url).pathname) {
      case `/${key}`:
        return reply(page(), 200, "text/html; charset=utf-8");
      case paths.data:
        return reply(data(), 200, "application/json");
      case paths.events:
        return new Response(eventStream(listeners), {
          headers: { ...HEADERS, "content-type": "text/event-stream" },
        });
      default:
        return reply("not found\n", 404);
    }
  };
  const served = serveHttp({ hostname: "127.0.0.1", port, maxBody: 0, answer });
  if (!served.ok) return served;
  const { address, stop } = served.value;
  const own = new URL(address).port;
  hosts = new Set([`127.0.0.1:${own}`, `localhost:${own}`]);
  const timer = setInterval(() => send(": still here\n\n"), KEEP_ALIVE_MS);
  return {
    ok: true,
    value: {
      address: `${address}/${key}`,
      changed: () => send("event: changed\ndata:\n\n"),
      stop: async () => {
        clearInterval(timer);
        for (const listener of listeners) listener.close();
        listeners.clear();
        await stop();
      },
    },
  };
}

function eventStream(listeners: Set<ReadableStreamDefaultController<string>>): ReadableStream<string> {
  let own: ReadableStreamDefaultController<string> | undefined;
  return new ReadableStream<string>({
    start: (controller) => {
      own = controller;
      listeners.add(controller);
      controller.enqueue("retry: 1000\n\n");
    },
    cancel: () => {
      if (own !== undefined) listeners.delete(own);
    },
  });
}

const reply = (text: string, status: number, type = "text/plain; charset=utf-8"): Response =>
  new Response(text, { status, headers: { ...HEADERS, "content-type": type } });
