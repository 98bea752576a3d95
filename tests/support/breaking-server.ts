/** A server that breaks off its first answer after so many bytes of the file, or, for undefined, each of them before any. */
export class BreakingServer implements Disposable {
  /** The `Range` of each request; undefined where it had none. */
  readonly ranges: (string | undefined)[] = [];
  readonly #listener: Bun.TCPSocketListener;

  constructor(bytes: Uint8Array, piece: number | undefined) {
    this.#listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (socket, data) => {
          const range = /^range: (.*)\r$/im.exec(data.toString())?.[1];
          this.ranges.push(range);
          if (piece === undefined) {
            socket.terminate();
            return;
          }
          const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
          const rest = bytes.subarray(start);
          const head = [
            range === undefined ? "HTTP/1.1 200 OK" : "HTTP/1.1 206 Partial Content",
            `Content-Length: ${rest.length}`,
            `Content-Range: bytes ${start}-${bytes.length - 1}/${bytes.length}`,
            'ETag: "one"',
          ];
          socket.write(`${head.join("\r\n")}\r\n\r\n`);
          socket.write(this.ranges.length === 1 ? rest.subarray(0, piece) : rest);
          socket.end();
        },
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.port}/file`;
  }

  [Symbol.dispose](): void {
    this.#listener.stop(true);
  }
}
