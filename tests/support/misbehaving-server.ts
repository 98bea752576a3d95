/** What a server does to every connection, from the first bytes that it gets. */
export type Misbehaviour =
  | "answers nothing"
  | "reads nothing"
  | "breaks the connection"
  | "stops in the middle of a body"
  | "breaks in the middle of a body"
  | "drips"
  | "is slow but goes on"
  | "sends something else"
  | "speaks another protocol"
  | { readonly status: number; readonly headers?: string };

export interface MisbehavingServer {
  readonly port: number;
  /** Connections that were opened, so far. */
  readonly connections: () => number;
  readonly stop: () => void;
}

const SOMETHING = "something else";
const BODY_BYTES = 1_000_000;
const DRIP_MS = 20;

/**
 * An HTTP server that does one thing wrong. A status comes with a body that repeats the request, as some servers do, so
 * that credentials would be seen by whoever shows it.
 */
export function startMisbehaving(misbehaviour: Misbehaviour): MisbehavingServer {
  let connections = 0;
  const drips = new Set<ReturnType<typeof setInterval>>();
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        connections += 1;
        if (misbehaviour === "reads nothing") socket.pause();
      },
      data: (socket, bytes) => {
        if (typeof misbehaviour === "object") {
          const body = bytes.toString().slice(0, 2000);
          const head = `HTTP/1.1 ${misbehaviour.status} No\r\n${misbehaviour.headers ?? ""}`;
          socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
          return;
        }
        const long = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\n\r\nthe beginning`;
        switch (misbehaviour) {
          case "breaks the connection":
            socket.terminate();
            return;
          case "stops in the middle of a body":
            socket.write(long);
            return;
          case "breaks in the middle of a body":
            socket.write(long);
            socket.flush();
            socket.end();
            return;
          case "drips":
            socket.write(long);
            drips.add(setInterval(() => socket.write("x"), DRIP_MS));
            return;
          case "is slow but goes on":
            socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SLOW_PIECES * SLOW_PIECE.length}\r\n\r\n`);
            sendSlowly(socket);
            return;
          case "sends something else":
            socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${SOMETHING.length}\r\n\r\n${SOMETHING}`);
            return;
          case "speaks another protocol":
            socket.end("220 mail.example.com ready\r\n");
            return;
          default:
        }
      },
    },
  });
  return {
    port: listener.port,
    connections: () => connections,
    stop: () => {
      for (const drip of drips) clearInterval(drip);
      listener.stop(true);
    },
  };
}

const SLOW_PIECE = "x".repeat(100_000);
const SLOW_PIECES = 10;
const SLOW_MS = 60;

/** What a slow server sends, in 600 ms. */
export const SLOW_BODY = SLOW_PIECE.repeat(SLOW_PIECES);

function sendSlowly(socket: { readonly write: (text: string) => number }): void {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    socket.write(SLOW_PIECE);
    if (sent === SLOW_PIECES) clearInterval(timer);
  }, SLOW_MS);
}

/** A port of loopback that nobody listens on. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
