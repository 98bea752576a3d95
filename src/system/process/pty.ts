import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { windowSize } from "#system/stdio/is-terminal";
import { exitStatusOf, spawnFailure } from "./spawn";
import type { Child, SpawnFailure, SpawnRequest } from "./spawn";

/** So much may wait for a reader before the child is held back. */
const MOST_WAITING = 1024 * 1024;
/** What a terminal's line discipline takes as: no more input, no more output for now, output again (termios(3)). */
const END_OF_INPUT = "\u0004";
const STOP_OUTPUT = "\u0013";
const START_OUTPUT = "\u0011";
/** A bit of termios that all systems with pseudo-terminals number alike. */
const ECHO = 0o10;
const LINE_FEED = 10;
const RETURN = 13;

/**
 * As `spawnChild`, on a pseudo-terminal of the child's own that is as large as ours, if we have one, else 80 by 24, and
 * follows its size. The child leads a session; what it prints on either stream is its `stdout`, line ends as it wrote
 * them, and there is nothing to be read from its terminal. On Windows there are pipes in place of the terminal.
 */
export function spawnOnPty(request: SpawnRequest): Result<Child, SpawnFailure> {
  const output = new PtyOutput();
  const { columns, rows } = sizeNow();
  try {
    const child = Bun.spawn([...request.argv], {
      cwd: request.cwd,
      env: { TERM: "xterm-256color", ...request.env },
      stdio: ["ignore", "ignore", "ignore", ...(request.inherit ?? [])],
      terminal: {
        cols: columns,
        rows,
        data: (_terminal, bytes) => output.take(bytes),
        exit: () => output.end(),
      },
    });
    const { terminal } = child;
    if (terminal === undefined) throw new Error("there are no pseudo-terminals");
    terminal.localFlags &= ~ECHO;
    terminal.write(END_OF_INPUT);
    output.attach(terminal);
    const resize = (): void => {
      const size = sizeNow();
      if (!terminal.closed) terminal.resize(size.columns, size.rows);
    };
    process.on("SIGWINCH", resize);
    const exited = child.exited.then(() => {
      process.off("SIGWINCH", resize);
      return exitStatusOf(child);
    });
    return ok({ pid: child.pid, stdout: output.stream, stderr: undefined, exited });
  } catch (error) {
    return err(spawnFailure(error, request.argv[0] ?? ""));
  }
}

const sizeNow = (): { readonly columns: number; readonly rows: number } =>
  windowSize(2) ?? windowSize(1) ?? { columns: 80, rows: 24 };

/** What comes from a pseudo-terminal, as a stream whose slow reader holds back the child. */
class PtyOutput {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #terminal: Bun.Terminal | undefined;
  #isHeldBack = false;
  /** A carriage return has come, and it is not known whether a line feed follows. */
  #isReturnOpen = false;

  constructor() {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#goOn(),
        cancel: () => {
          this.#controller = undefined;
          this.#close();
        },
      },
      { highWaterMark: MOST_WAITING, size: (bytes) => bytes?.length ?? 0 },
    );
  }

  attach(terminal: Bun.Terminal): void {
    this.#terminal = terminal;
  }

  take(bytes: Uint8Array): void {
    const plain = this.#withoutReturns(bytes);
    if (plain.length > 0) this.#controller?.enqueue(plain);
    if (this.#isHeldBack || (this.#controller?.desiredSize ?? 1) > 0) return;
    this.#isHeldBack = true;
    if (this.#terminal?.closed === false) this.#terminal.write(STOP_OUTPUT);
  }

  end(): void {
    if (this.#isReturnOpen) this.#controller?.enqueue(new Uint8Array([RETURN]));
    this.#controller?.close();
    this.#controller = undefined;
    this.#close();
  }

  /**
   * A copy, in which line ends are what the child wrote: the terminal puts a carriage return before each line feed
   * (ONLCR). To turn that off would come too late for what the child prints first.
   */
  #withoutReturns(bytes: Uint8Array): Uint8Array {
    const plain = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (const byte of bytes) {
      if (this.#isReturnOpen && byte !== LINE_FEED) plain[length++] = RETURN;
      this.#isReturnOpen = byte === RETURN;
      if (!this.#isReturnOpen) plain[length++] = byte;
    }
    return plain.subarray(0, length);
  }

  #goOn(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    if (this.#terminal?.closed === false) this.#terminal.write(START_OUTPUT);
  }

  #close(): void {
    if (this.#terminal?.closed === false) this.#terminal.close();
  }
}
