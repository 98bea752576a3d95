import { withDeadline } from "./deadline";
import { dedent } from "./dedent";
import { diffLines } from "./diff-lines";
import { matchesExpected, normalize } from "./normalize";
import type { Vocabulary } from "./normalize";
import type { OutputStream } from "./scripted-protocol";

/** In an expectation: whatever this stream holds is fine. */
export const anything: unique symbol = Symbol("anything");

export type RunResult = {
  /** The exit code; null where a signal ended the program. */
  readonly code: number | null;
  readonly signal: Bun.Subprocess["signalCode"];
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
  readonly stderrBytes: Uint8Array;
};

/** The whole text (a block is dedented, `<time>` and the like stand for their kind), or a pattern. */
export type ExpectedText = string | RegExp | typeof anything;

/** What isn't given must be zero, or empty. */
export type Expectation = {
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
  readonly stdout?: ExpectedText;
  readonly stderr?: ExpectedText;
};

export type RunSetting = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Text or bytes and then the end; `"open"` for what the test writes; nothing where not given. */
  readonly stdin?: string | Uint8Array | undefined;
  readonly keepStdinOpen?: boolean | undefined;
  readonly vocabulary: () => Vocabulary;
  /** More to show under an error: the folder, the scripted commands. */
  readonly context: () => string;
};

type Capture = { readonly chunks: Uint8Array[]; readonly decoder: TextDecoder; text: string; ended: boolean };
type OutputWait = { readonly check: () => string | undefined; readonly settle: PromiseWithResolvers<string> };

/** One start of the program, in its own session and process group. */
export class Run {
  readonly pid: number;
  readonly #process: Bun.Subprocess<"pipe" | "ignore", "pipe", "pipe">;
  readonly #words: readonly string[];
  readonly #setting: RunSetting;
  readonly #captures: Readonly<Record<OutputStream, Capture>> = {
    stdout: emptyCapture(),
    stderr: emptyCapture(),
  };
  readonly #waits = new Set<OutputWait>();
  readonly #finished: Promise<RunResult>;

  constructor(words: readonly string[], setting: RunSetting) {
    this.#words = words;
    this.#setting = setting;
    const { cwd, env, stdin, keepStdinOpen = false } = setting;
    const usesStdin = stdin !== undefined || keepStdinOpen;
    this.#process = Bun.spawn([...words], {
      cwd,
      env,
      detached: true,
      stdin: usesStdin ? "pipe" : "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.pid = this.#process.pid;
    if (stdin !== undefined) this.write(stdin);
    if (usesStdin && !keepStdinOpen) this.endStdin();
    this.#finished = this.#follow();
    this.#finished.catch(() => {});
  }

  /** Sends text or bytes to its stdin. */
  write(input: string | Uint8Array): void {
    void this.#process.stdin?.write(input);
    void this.#process.stdin?.flush();
  }

  endStdin(): void {
    void this.#process.stdin?.end();
  }

  /** Signals the program alone, as `kill` does. */
  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  /** Signals its process group, as Ctrl-C in a terminal does. */
  killGroup(signal: NodeJS.Signals = "SIGINT"): void {
    process.kill(-this.pid, signal);
  }

  /** Its stdout so far. */
  stdout(): string {
    return this.#captures.stdout.text;
  }

  /** Its stderr so far. */
  stderr(): string {
    return this.#captures.stderr.text;
  }

  /** Waits until a stream, either where none is named, holds the text; gives what matched. */
  waitForOutput(wanted: string | RegExp, stream?: OutputStream): Promise<string> {
    const streams: readonly OutputStream[] = stream === undefined ? ["stdout", "stderr"] : [stream];
    const wait: OutputWait = {
      check: () =>
        firstMatch(
          streams.map((name) => this.#captures[name].text),
          wanted,
        ),
      settle: Promise.withResolvers(),
    };
    this.#waits.add(wait);
    this.#checkWaits();
    return this.#bounded(wait.settle.promise, `${streams.join(" or ")} to hold ${Bun.inspect(wanted)}`);
  }

  /** The exit code, 128 + n where signal n ended it; its output may still be on the way. */
  get exited(): Promise<number> {
    return this.#bounded(this.#process.exited, "it to exit");
  }

  /** Whether it has ended. */
  get hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** How it ended and all it printed, once nobody holds its output open any more. */
  result(): Promise<RunResult> {
    return this.#bounded(this.#finished, "its end and the end of its output");
  }

  /** Fails unless it ended and printed as told; gives the result. */
  async expect(expectation: Expectation = {}): Promise<RunResult> {
    const failure = new Error();
    Error.captureStackTrace(failure, this.expect);
    const result = await this.result();
    const problems = this.#differences(result, expectation);
    if (problems.length === 0) return result;
    failure.message = `${problems.join("\n")}\n\n${this.transcript()}`;
    throw failure;
  }

  /** The command, how it stands, both streams, and where to look. */
  transcript(): string {
    const { exitCode, signalCode } = this.#process;
    const state = this.hasExited ? (signalCode ?? `exit code ${exitCode}`) : `running, pid ${this.pid}`;
    return [
      `$ ${this.#words.join(" ")}   (${state}, in ${this.#setting.cwd})`,
      ...streamLines("stdout", this.#captures.stdout),
      ...streamLines("stderr", this.#captures.stderr),
      this.#setting.context(),
    ].join("\n");
  }

  #differences(result: RunResult, expectation: Expectation): string[] {
    const vocabulary = this.#setting.vocabulary();
    const wantedEnd = expectation.signal ?? `exit code ${expectation.code ?? 0}`;
    const end = result.signal ?? `exit code ${result.code}`;
    return [
      ...(end === wantedEnd ? [] : [`expected ${wantedEnd}, got ${end}`]),
      ...difference(result, expectation, { stream: "stdout", vocabulary }),
      ...difference(result, expectation, { stream: "stderr", vocabulary }),
    ];
  }

  async #follow(): Promise<RunResult> {
    await Promise.all([this.#drain("stdout"), this.#drain("stderr"), this.#process.exited]);
    const { stdout, stderr } = this.#captures;
    return {
      code: this.#process.signalCode === null ? this.#process.exitCode : null,
      signal: this.#process.signalCode,
      stdout: stdout.text,
      stderr: stderr.text,
      stdoutBytes: Buffer.concat(stdout.chunks),
      stderrBytes: Buffer.concat(stderr.chunks),
    };
  }

  async #drain(stream: OutputStream): Promise<void> {
    const capture = this.#captures[stream];
    for await (const chunk of this.#process[stream]) {
      capture.chunks.push(chunk);
      capture.text += capture.decoder.decode(chunk, { stream: true });
      this.#checkWaits();
    }
    capture.text += capture.decoder.decode();
    capture.ended = true;
    this.#checkWaits();
  }

  #checkWaits(): void {
    const isOver = this.#captures.stdout.ended && this.#captures.stderr.ended;
    for (const wait of this.#waits) {
      const found = wait.check();
      if (found !== undefined) wait.settle.resolve(found);
      else if (isOver) wait.settle.reject(new Error(`its output ended without it\n${this.transcript()}`));
      else continue;
      this.#waits.delete(wait);
    }
  }

  #bounded<T>(promise: Promise<T>, what: string): Promise<T> {
    return withDeadline(promise, what, () => this.transcript());
  }
}

function emptyCapture(): Capture {
  return { chunks: [], decoder: new TextDecoder("utf-8", { ignoreBOM: true }), text: "", ended: false };
}

function firstMatch(texts: readonly string[], wanted: string | RegExp): string | undefined {
  for (const text of texts) {
    if (typeof wanted === "string" && text.includes(wanted)) return wanted;
    const match = typeof wanted === "string" ? null : text.match(wanted);
    if (match !== null) return match[0];
  }
  return undefined;
}

function streamLines(name: OutputStream, capture: Capture): string[] {
  const state = capture.ended ? "" : ", still open";
  if (capture.text === "") return [`--- ${name} (empty${state})`];
  return [`--- ${name}${state}`, capture.text.trimEnd()];
}

function difference(
  result: RunResult,
  expectation: Expectation,
  { stream, vocabulary }: { readonly stream: OutputStream; readonly vocabulary: Vocabulary },
): string[] {
  const text = result[stream];
  const wanted = expectation[stream] ?? "";
  if (wanted === anything) return [];
  const shown = normalize(text, vocabulary);
  if (wanted instanceof RegExp) return wanted.test(shown) ? [] : [`${stream} doesn't match ${wanted}`];
  const expected = dedent(wanted);
  if (matchesExpected(text, expected, vocabulary)) return [];
  return [`${stream} differs (- expected, + got):`, diffLines(expected, shown)];
}
