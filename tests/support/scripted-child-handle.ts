import { withDeadline } from "./deadline";
import { isAlive } from "./processes";
import type { Hello, Order, OutputStream, Report } from "./scripted-protocol";

const LIVENESS_POLL_MS = 1;

type Wiring = {
  readonly send: (order: Order) => void;
  readonly started: (name: string) => Promise<ScriptedChild>;
  readonly transcript: () => string;
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type OrderBody = DistributiveOmit<Order, "id">;

export type ForkOptions = {
  /** Signals it survives; SIGTERM unless told otherwise. */
  readonly survives?: readonly NodeJS.Signals[];
  /** Whether it holds its parent's stdout and stderr open; true unless told otherwise. */
  readonly holdsOutput?: boolean;
  /** Whether it leaves its parent's session and process group. */
  readonly detached?: boolean;
};

/**
 * One started child of a scripted command: it does what the test says, in the order said.
 *
 * What the child is told takes effect at once and needs no `await`; awaiting waits until it is
 * done. A signal kills it as it would any program, and is reported before.
 */
export class ScriptedChild {
  readonly name: string;
  readonly pid: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Which of stdin, stdout, stderr are terminals. */
  readonly terminals: Hello["terminals"];

  readonly #wiring: Wiring;
  readonly #signals: NodeJS.Signals[] = [];
  readonly #signalWaits: { readonly signal: NodeJS.Signals; readonly resolve: () => void }[] = [];
  readonly #orders = new Map<number, { readonly what: string } & PromiseWithResolvers<string>>();
  readonly #gone = Promise.withResolvers<void>();
  #isGone = false;
  #nextOrder = 0;

  constructor(hello: Hello, wiring: Wiring) {
    this.name = hello.name;
    this.pid = hello.pid;
    this.args = hello.args;
    this.cwd = hello.cwd;
    this.env = hello.env;
    this.terminals = hello.terminals;
    this.#wiring = wiring;
  }

  /** Writes text or bytes; done when the pipe has taken all of it. */
  print(text: string | Uint8Array, stream: OutputStream = "stdout"): Promise<void> {
    return this.#have({ op: "print", stream, bytes: Buffer.from(text).toString("base64") });
  }

  /** Writes so many bytes of `x`: lines of 64 bytes, or one line without an end with `lines: false`. */
  flood(
    size: number,
    options: { readonly stream?: OutputStream; readonly lines?: boolean } = {},
  ): Promise<void> {
    return this.#have({
      op: "flood",
      size,
      stream: options.stream ?? "stdout",
      lines: options.lines ?? true,
    });
  }

  /** Takes so many bytes of memory and keeps them. */
  hold(size: number): Promise<void> {
    return this.#have({ op: "hold", size });
  }

  /** Exits, after what it was told before; done when the process is gone. */
  exit(code = 0): Promise<void> {
    this.#dismiss({ op: "exit", code });
    return this.closed;
  }

  /** Dies by the signal at once, even in the middle of a print; done when the process is gone. */
  killSelf(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#dismiss({ op: "kill-self", signal });
    return this.closed;
  }

  closeStdout(): Promise<void> {
    return this.#have({ op: "close", stream: "stdout" });
  }

  closeStderr(): Promise<void> {
    return this.#have({ op: "close", stream: "stderr" });
  }

  /** From then on it survives these signals, and still reports them. */
  trap(...signals: readonly NodeJS.Signals[]): Promise<void> {
    return this.#have({ op: "trap", signals });
  }

  /** Starts a scripted grandchild; done when it runs and survives what it is to survive. */
  async fork(options: ForkOptions = {}): Promise<ScriptedChild> {
    const name = `${this.name}/${this.pid}.${this.#nextOrder}`;
    const { holdsOutput = true, detached = false, survives = ["SIGTERM"] } = options;
    await this.#tell({ op: "fork", name, holdsOutput, detached });
    const grandchild = await this.#wiring.started(name);
    await grandchild.trap(...survives);
    return grandchild;
  }

  /** All of its stdin that was not read yet, once stdin has ended. */
  readStdin(): Promise<string> {
    return this.#tell({ op: "read", until: "end" });
  }

  /** The next line of its stdin with its line break; what is left where stdin ends before. */
  readLine(): Promise<string> {
    return this.#tell({ op: "read", until: "line" });
  }

  /** The signals it got so far, in order. */
  get signals(): readonly NodeJS.Signals[] {
    return this.#signals;
  }

  /** Waits until it has got the signal at least once. */
  signalled(signal: NodeJS.Signals): Promise<void> {
    if (this.#signals.includes(signal)) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#signalWaits.push({ signal, resolve });
    void this.#gone.promise.then(() =>
      reject(new Error(`${this.#title} ended without getting ${signal}\n${this.#wiring.transcript()}`)),
    );
    return withDeadline(promise, `${signal} to reach ${this.#title}`, this.#wiring.transcript);
  }

  /** Resolves when the process is gone, by whatever cause. */
  get closed(): Promise<void> {
    return withDeadline(this.#gone.promise, `the end of ${this.#title}`, this.#wiring.transcript);
  }

  /** For the rig: a message came from the child. */
  receive(report: Exclude<Report, Hello>): void {
    if (report.type === "signal") {
      this.#signals.push(report.signal);
      for (const wait of this.#signalWaits) if (wait.signal === report.signal) wait.resolve();
      return;
    }
    const order = this.#orders.get(report.id);
    this.#orders.delete(report.id);
    if (report.error === undefined) order?.resolve(report.text ?? "");
    else order?.reject(new Error(`${this.#title} could not ${order.what}: ${report.error}`));
  }

  /** For the rig: the connection is gone, and with it, in a moment, the process. */
  disconnected(): void {
    this.#isGone = true;
    for (const order of this.#orders.values()) order.reject(this.#endedBefore(order.what));
    this.#orders.clear();
    this.#resolveWhenDead();
  }

  /** The kernel closes the connection a little before the process counts as ended. */
  #resolveWhenDead(): void {
    if (isAlive(this.pid)) setTimeout(() => this.#resolveWhenDead(), LIVENESS_POLL_MS);
    else this.#gone.resolve();
  }

  get #title(): string {
    return `"${this.name}" (pid ${this.pid})`;
  }

  /** Like `#tell`, for orders without an answer; the test may drop the promise. */
  #have(order: OrderBody): Promise<void> {
    const done = this.#tell(order).then(() => {});
    done.catch(() => {});
    return done;
  }

  /** Sends an order whose only answer is the child's end. */
  #dismiss(order: OrderBody): void {
    if (!this.#isGone) this.#wiring.send({ ...order, id: this.#nextOrder++ });
  }

  #tell(order: OrderBody): Promise<string> {
    const id = this.#nextOrder++;
    const answer = { what: order.op, ...Promise.withResolvers<string>() };
    if (this.#isGone) answer.reject(this.#endedBefore(order.op));
    else {
      this.#orders.set(id, answer);
      this.#wiring.send({ ...order, id });
    }
    return withDeadline(answer.promise, `${this.#title} to ${order.op}`, this.#wiring.transcript);
  }

  #endedBefore(what: string): Error {
    return new Error(`${this.#title} ended before it could ${what}\n${this.#wiring.transcript()}`);
  }
}
