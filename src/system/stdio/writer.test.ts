import { expect, test } from "bun:test";
import type { Sink, StandardStream } from "./sink";
import { createByteWriter } from "./writer";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Sinks that take bytes, at once or when `release` says so, and tell in which order they came. */
class TestSinks {
  taken = "";
  slow = new Set<StandardStream>();
  broken = new Map<StandardStream, string>();
  readonly #releases: (() => void)[] = [];

  readonly open = (stream: StandardStream): Sink => ({
    write: (bytes) => {
      const code = this.broken.get(stream);
      // eslint-disable-next-line prefer-promise-reject-errors
      if (code !== undefined) return Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
      this.taken += `${stream === "stdout" ? "o" : "e"}(${new TextDecoder().decode(bytes)})`;
      return bytes.length;
    },
    flush: () => {
      if (!this.slow.has(stream)) return 0;
      const { promise, resolve } = Promise.withResolvers<number>();
      this.#releases.push(() => resolve(0));
      return promise;
    },
  });

  async release(): Promise<void> {
    this.#releases.shift()?.();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

const never = new Promise<boolean>(() => undefined);

test("bytes leave at once while the reader keeps up", () => {
  const sinks = new TestSinks();
  const writer = createByteWriter({ open: sinks.open, same: () => never });
  expect(writer.write("stdout", bytesOf("a"))).toBeUndefined();
  expect(writer.write("stderr", bytesOf("b"))).toBeUndefined();
  expect(sinks.taken).toBe("o(a)e(b)");
});

test("bytes that have to wait are copied and leave in order, across both streams", async () => {
  const sinks = new TestSinks();
  sinks.slow.add("stdout");
  const writer = createByteWriter({ open: sinks.open, same: () => Promise.resolve(true) });
  const buffer = bytesOf("a");
  void writer.write("stdout", buffer);
  for (const [stream, text] of [
    ["stderr", "b"],
    ["stdout", "c"],
    ["stderr", "d"],
  ] as const) {
    buffer.set(bytesOf(text));
    void writer.write(stream, buffer);
  }
  expect(sinks.taken).toBe("o(a)");
  await sinks.release();
  expect(sinks.taken).toBe("o(a)e(b)o(c)");
  await sinks.release();
  await writer.flush();
  expect(sinks.taken).toBe("o(a)e(b)o(c)e(d)");
});

test("a stream that leads elsewhere does not wait for a slow one", async () => {
  const sinks = new TestSinks();
  sinks.slow.add("stdout");
  const writer = createByteWriter({ open: sinks.open, same: () => Promise.resolve(false) });
  void writer.write("stdout", bytesOf("a"));
  void writer.write("stderr", bytesOf("b"));
  void writer.write("stdout", bytesOf("c"));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  void writer.write("stderr", bytesOf("d"));
  expect(sinks.taken).toBe("o(a)e(b)e(d)");
  await sinks.release();
  await sinks.release();
  await writer.flush();
  expect(sinks.taken).toBe("o(a)e(b)e(d)o(c)");
});

test("a caller is asked to wait when more than a megabyte waits", async () => {
  const sinks = new TestSinks();
  sinks.slow.add("stdout");
  const writer = createByteWriter({ open: sinks.open, same: () => Promise.resolve(true) });
  const piece = new Uint8Array(600_000);
  expect(writer.write("stdout", piece)).toBeUndefined();
  const wait = writer.write("stdout", piece);
  expect(wait).toBeInstanceOf(Promise);
  await sinks.release();
  expect(writer.write("stdout", new Uint8Array(300_000))).toBeUndefined();
  await sinks.release();
  await sinks.release();
  await wait;
  await writer.flush();
  expect(writer.write("stdout", bytesOf("little"))).toBeUndefined();
  expect(writer.write("stdout", piece)).toBeUndefined();
});

test("a reader that has gone away is told of once, and the other stream goes on", async () => {
  const sinks = new TestSinks();
  sinks.broken.set("stdout", "EPIPE");
  const told: string[] = [];
  const writer = createByteWriter({
    open: sinks.open,
    same: () => Promise.resolve(true),
    onProblem: (stream, { code, closed }) => told.push(`${stream} ${code} ${closed}`),
  });
  void writer.write("stdout", bytesOf("a"));
  void writer.write("stdout", bytesOf("b"));
  void writer.write("stderr", bytesOf("c"));
  await writer.flush();
  expect(writer.write("stdout", bytesOf("d"))).toBeUndefined();
  expect(told).toEqual(["stdout EPIPE true"]);
  expect(writer.problem("stdout")?.closed).toBe(true);
  expect(sinks.taken).toBe("e(c)");
});

test("a full disk is a problem and no closed reader", async () => {
  const sinks = new TestSinks();
  sinks.broken.set("stdout", "ENOSPC");
  const writer = createByteWriter({ open: sinks.open, same: () => Promise.resolve(true) });
  void writer.write("stdout", bytesOf("a"));
  await writer.flush();
  expect(writer.problem("stdout")).toEqual({ code: "ENOSPC", message: "ENOSPC: refused", closed: false });
});
