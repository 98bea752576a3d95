export interface TcpProxy {
  readonly port: number;
  readonly stop: () => void;
}

export interface ProxyFault {
  /** `cut` ends both connections, `stall` passes nothing on any more. */
  readonly kind: "cut" | "stall";
  /** Bytes that the server may send on one connection before that. */
  readonly after: number;
}

interface Side {
  other: Bun.Socket<Side> | undefined;
  waiting: Uint8Array[];
  passed: number;
}

const newSide = (): Side => ({ other: undefined, waiting: [], passed: 0 });

/** Passes bytes between clients and `127.0.0.1:port`, until the server has sent too many. */
export function startTcpProxy(port: number, fault: ProxyFault): TcpProxy {
  const flush = (socket: Bun.Socket<Side>): void => {
    for (let first = socket.data.waiting.shift(); first !== undefined; first = socket.data.waiting.shift()) {
      const taken = Math.max(0, socket.write(first));
      if (taken === first.length) continue;
      socket.data.waiting.unshift(first.subarray(taken));
      return;
    }
  };
  const pass = (to: Bun.Socket<Side> | undefined, bytes: Uint8Array): void => {
    if (to === undefined) return;
    to.data.waiting.push(new Uint8Array(bytes));
    if (to.data.waiting.length === 1) flush(to);
  };
  const connect = async (client: Bun.Socket<Side>): Promise<void> => {
    const side = newSide();
    side.other = client;
    const server = await Bun.connect<Side>({
      hostname: "127.0.0.1",
      port,
      data: side,
      socket: {
        data: (self, bytes) => {
          self.data.passed += bytes.length;
          if (self.data.passed <= fault.after) pass(self.data.other, bytes);
          else if (fault.kind === "cut") {
            self.data.other?.terminate();
            self.terminate();
          }
        },
        drain: flush,
        close: (self) => void self.data.other?.end(),
      },
    });
    client.data.other = server;
    for (const bytes of client.data.waiting.splice(0)) pass(server, bytes);
  };
  const listener = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        socket.data = newSide();
        void connect(socket);
      },
      data: (socket, bytes) => {
        if (socket.data.other === undefined) socket.data.waiting.push(new Uint8Array(bytes));
        else pass(socket.data.other, bytes);
      },
      drain: flush,
      close: (socket) => void socket.data?.other?.end(),
    },
  });
  return { port: listener.port, stop: () => listener.stop(true) };
}
