/**
 * The program behind a scripted command: `scripted-child.ts <socket> <name> [argument]…`.
 *
 * It connects to the test's socket, says who it is, and does what it is told. Without orders it
 * lives on and does nothing; when the test is gone it dies.
 */
import { closeSync, write } from "node:fs";
import { JsonLines } from "./scripted-protocol";
import type { Order, OutputStream, Report } from "./scripted-protocol";

const [socketPath = "", name = "", ...args] = process.argv.slice(2);
const FILE_DESCRIPTOR: Readonly<Record<OutputStream, number>> = { stdout: 1, stderr: 2 };
const REPORTED: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];
const FLOOD_CHUNK_BYTES = 65_536;
const FLOOD_LINE_BYTES = 64;

const trapped = new Set<NodeJS.Signals>();
const held: Buffer[] = [];
const orders = new JsonLines<Order>();
let unsent = new Uint8Array();
let queue = Promise.resolve();

const connection = await Bun.connect({
  unix: socketPath,
  socket: {
    data: (_socket, bytes) => {
      for (const order of orders.feed(bytes)) accept(order);
    },
    drain: flush,
    close: () => dieBy("SIGKILL"),
  },
});
// Before the greeting: a test may send signals as soon as it has heard of the child.
for (const signal of REPORTED) {
  process.on(signal, () => {
    report({ type: "signal", signal });
    if (!trapped.has(signal)) dieBy(signal);
  });
}
report({
  type: "hello",
  name,
  pid: process.pid,
  args,
  cwd: process.cwd(),
  env: environment(),
  terminals: terminals(),
});

function report(message: Report): void {
  unsent = Buffer.concat([unsent, Buffer.from(`${JSON.stringify(message)}\n`)]);
  flush();
}

function flush(): void {
  if (unsent.length === 0) return;
  unsent = unsent.subarray(connection.write(unsent));
}

/** Orders are carried out one after the other, but for those that must work while a write is stuck. */
function accept(order: Order): void {
  if (order.op === "kill-self") dieBy(order.signal);
  else if (order.op === "read" || order.op === "trap") void carryOut(order);
  else queue = queue.then(() => carryOut(order));
}

async function carryOut(order: Order): Promise<void> {
  try {
    const text = await obey(order);
    report({ type: "done", id: order.id, ...(text === undefined ? {} : { text }) });
  } catch (error) {
    report({ type: "done", id: order.id, error: String(error) });
  }
}

async function obey(order: Order): Promise<string | undefined> {
  switch (order.op) {
    case "print":
      await writeAll(FILE_DESCRIPTOR[order.stream], Buffer.from(order.bytes, "base64"));
      return undefined;
    case "flood":
      await flood(FILE_DESCRIPTOR[order.stream], order.size, order.lines);
      return undefined;
    case "hold":
      held.push(Buffer.alloc(order.size, 1));
      return undefined;
    case "close":
      closeSync(FILE_DESCRIPTOR[order.stream]);
      return undefined;
    case "trap":
      for (const signal of order.signals) {
        // One that kills nobody is heard of from here on only.
        if (!REPORTED.includes(signal) && !trapped.has(signal))
          process.on(signal, () => report({ type: "signal", signal }));
        trapped.add(signal);
      }
      return undefined;
    case "fork":
      fork(order);
      return undefined;
    case "read":
      return order.until === "line" ? readLine() : readToEnd();
    case "exit":
      process.exit(order.code);
      break;
    case "kill-self":
      return dieBy(order.signal);
  }
}

async function flood(fd: number, size: number, lines: boolean): Promise<void> {
  const chunk = Buffer.alloc(FLOOD_CHUNK_BYTES, "x");
  if (lines)
    for (let end = FLOOD_LINE_BYTES - 1; end < chunk.length; end += FLOOD_LINE_BYTES) chunk[end] = 10;
  for (let left = size; left > 0; left -= FLOOD_CHUNK_BYTES) {
    // oxlint-disable-next-line no-await-in-loop -- bytes of one stream go in order
    await writeAll(fd, chunk.subarray(0, Math.min(left, FLOOD_CHUNK_BYTES)));
  }
}

function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  write(fd, bytes, (error, written) => {
    if (error === null || error === undefined) resolve(writeAll(fd, bytes.subarray(written)));
    // A non-blocking pipe that is full: the reader has to take something first.
    else if (error.code === "EAGAIN") setTimeout(() => resolve(writeAll(fd, bytes)), 1);
    else reject(error);
  });
  return promise;
}

function fork(order: Order & { readonly op: "fork" }): void {
  const output = order.holdsOutput ? "inherit" : "ignore";
  const grandchild = Bun.spawn(
    [process.execPath, ...process.execArgv, import.meta.path, socketPath, order.name],
    {
      detached: order.detached,
      stdio: ["ignore", output, output],
      env: environment(),
    },
  );
  grandchild.unref();
}

let stdinReader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> } | undefined;
let stdinRest = Buffer.alloc(0);

async function readLine(): Promise<string> {
  let end = stdinRest.indexOf("\n");
  while (end === -1) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come in order
    if (!(await readMore())) return takeStdin(stdinRest.length);
    end = stdinRest.indexOf("\n");
  }
  return takeStdin(end + 1);
}

async function readToEnd(): Promise<string> {
  // oxlint-disable-next-line no-await-in-loop -- chunks come in order
  while (await readMore());
  return takeStdin(stdinRest.length);
}

async function readMore(): Promise<boolean> {
  stdinReader ??= Bun.stdin.stream().getReader();
  const { done, value } = await stdinReader.read();
  if (value !== undefined) stdinRest = Buffer.concat([stdinRest, value]);
  return !done;
}

function takeStdin(length: number): string {
  const text = stdinRest.subarray(0, length).toString();
  stdinRest = stdinRest.subarray(length);
  return text;
}

/** Ends as if the signal had never been caught. */
function dieBy(signal: NodeJS.Signals): undefined {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function environment(): Record<string, string> {
  // Every variable that is listed has a value.
  return { ...process.env } as Record<string, string>;
}

function terminals(): [boolean, boolean, boolean] {
  const { isTTY } = (
    process as unknown as { binding(name: "tty_wrap"): { isTTY(fd: number): boolean } }
  ).binding("tty_wrap");
  return [isTTY(0), isTTY(1), isTTY(2)];
}
