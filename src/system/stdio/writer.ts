import { FD, openStandardSink, sameDestination } from "./sink";
import type { Sink, StandardStream } from "./sink";

/** Above so many waiting bytes `write` asks its caller to wait. */
const HIGH_WATER_BYTES = 1024 * 1024;

export interface ByteWriter {
  /**
   * Takes bytes for a stream, in order; they may be overwritten once the call has returned. A promise asks for patience:
   * more than about a megabyte waits, and it settles when that has gone. Never throws or rejects.
   */
  readonly write: (stream: StandardStream, bytes: Uint8Array) => void | Promise<void>;
  /** Settles when everything taken so far has been handed to the system, or can't be. */
  readonly flush: () => Promise<void>;
  /** Why a stream takes nothing more: its reader is gone (`EPIPE`), the disk is full (`ENOSPC`), and so on. */
  readonly problem: (stream: StandardStream) => StreamProblem | undefined;
}

export interface StreamProblem {
  readonly code: string;
  readonly message: string;
  /** The reader has gone away: no error, the program ends quietly. */
  readonly closed: boolean;
}

export interface ByteWriterOptions {
  readonly open?: (stream: StandardStream) => Sink;
  readonly same?: () => Promise<boolean>;
  /** Called once for a stream whose reader is slower: makes room for more. */
  readonly widen?: (stream: StandardStream) => void;
  /** Called once for a stream that can't be written any more. */
  readonly onProblem?: (stream: StandardStream, problem: StreamProblem) => void;
}

interface Entry {
  readonly stream: StandardStream;
  readonly bytes: Uint8Array;
}

/** Bytes that have to leave in the order in which they came. */
interface Lane {
  entries: Entry[];
  /** Index of the first entry that still waits. */
  next: number;
  waitingBytes: number;
  /** What is being written now, and to where. */
  current: { readonly stream: StandardStream; readonly sent: Promise<void> } | undefined;
  draining: Promise<void> | undefined;
}

const newLane = (entries: Entry[] = []): Lane => ({
  entries,
  next: 0,
  waitingBytes: entries.reduce((sum, entry) => sum + entry.bytes.length, 0),
  current: undefined,
  draining: undefined,
});

/**
 * A writer for stdout and stderr that loses and reorders nothing, waits for slow readers without blocking the program,
 * and does not load `process.stdout`. The streams share one queue until it is known that they lead to different places.
 */
export function createByteWriter(options: ByteWriterOptions = {}): ByteWriter {
  return new QueueingWriter(options);
}

class QueueingWriter implements ByteWriter {
  readonly #options: ByteWriterOptions;
  readonly #sinks: Partial<Record<StandardStream, Sink>> = {};
  readonly #problems: Partial<Record<StandardStream, StreamProblem>> = {};
  readonly #lanes: Record<StandardStream, Lane>;
  readonly #widened = new Set<StandardStream>();
  #placesAsked = false;

  constructor(options: ByteWriterOptions) {
    this.#options = options;
    const lane = newLane();
    this.#lanes = { stdout: lane, stderr: lane };
  }

  readonly problem = (stream: StandardStream): StreamProblem | undefined => this.#problems[stream];

  readonly write = (stream: StandardStream, bytes: Uint8Array): void | Promise<void> => {
    if (this.#problems[stream] !== undefined || bytes.length === 0) return undefined;
    const lane = this.#lanes[stream];
    if (lane.draining === undefined) {
      const sent = this.#send(stream, bytes);
      if (sent === undefined) return undefined;
      lane.waitingBytes = bytes.length;
      lane.current = { stream, sent };
      lane.draining = this.#drain(lane, sent, bytes.length);
      this.#askPlaces();
      this.#widen(stream);
    } else {
      lane.entries.push({ stream, bytes: bytes.slice() });
      lane.waitingBytes += bytes.length;
    }
    return lane.waitingBytes > HIGH_WATER_BYTES ? lane.draining : undefined;
  };

  readonly flush = async (): Promise<void> => {
    while (this.#lanes.stdout.draining !== undefined || this.#lanes.stderr.draining !== undefined) {
      await this.#lanes.stdout.draining;
      await this.#lanes.stderr.draining;
    }
  };

  /** Hands bytes to the sink; a promise where they have not all gone. */
  #send(stream: StandardStream, bytes: Uint8Array): Promise<void> | undefined {
    try {
      const sink = (this.#sinks[stream] ??= (this.#options.open ?? openStandardSink)(stream));
      const written = sink.write(bytes);
      const flushed = sink.flush();
      if (!(written instanceof Promise) && !(flushed instanceof Promise)) return undefined;
      return Promise.all([written, flushed]).then(
        () => undefined,
        (error: unknown) => this.#fail(stream, error),
      );
    } catch (error) {
      this.#fail(stream, error);
      return undefined;
    }
  }

  async #drain(lane: Lane, first: Promise<void> | undefined, firstBytes: number): Promise<void> {
    await first;
    lane.waitingBytes -= firstBytes;
    for (let entry = lane.entries[lane.next]; entry !== undefined; entry = lane.entries[lane.next]) {
      lane.next += 1;
      const { stream, bytes } = entry;
      if (this.#problems[stream] === undefined) {
        const sent = this.#send(stream, bytes);
        if (sent !== undefined) {
          lane.current = { stream, sent };
          await sent;
        }
      }
      lane.waitingBytes -= bytes.length;
      if (lane.next < 1024 && lane.next < lane.entries.length) continue;
      lane.entries.splice(0, lane.next);
      lane.next = 0;
    }
    lane.current = undefined;
    lane.draining = undefined;
  }

  /** Finds out, once somebody has to wait, whether the two streams have to wait for each other. */
  #askPlaces(): void {
    if (this.#placesAsked) return;
    this.#placesAsked = true;
    const asked = (this.#options.same ?? sameDestination)();
    asked.then(
      (same) => {
        if (!same) this.#split();
      },
      () => undefined,
    );
  }

  #widen(stream: StandardStream): void {
    if (this.#widened.has(stream)) return;
    this.#widened.add(stream);
    (this.#options.widen ?? widenStream)(stream);
  }

  #split(): void {
    const shared = this.#lanes.stdout;
    const rest = shared.entries.slice(shared.next);
    const lane = newLane(rest.filter((entry) => entry.stream === "stderr"));
    shared.entries = rest.filter((entry) => entry.stream === "stdout");
    shared.next = 0;
    shared.waitingBytes -= lane.waitingBytes;
    this.#lanes.stderr = lane;
    const before = shared.current?.stream === "stderr" ? shared.current.sent : undefined;
    if (before !== undefined || lane.entries.length > 0) lane.draining = this.#drain(lane, before, 0);
  }

  #fail(stream: StandardStream, error: unknown): void {
    if (this.#problems[stream] !== undefined) return;
    const problem = problemOf(error);
    this.#problems[stream] = problem;
    this.#options.onProblem?.(stream, problem);
  }
}

function widenStream(stream: StandardStream): void {
  if (process.platform !== "linux") return;
  void import("./widen-pipe").then(({ widenPipe }) => widenPipe(FD[stream]));
}

function problemOf(error: unknown): StreamProblem {
  const { code, message } =
    error instanceof Error
      ? { code: "", ...error, message: error.message }
      : { code: "", message: String(error) };
  return { code, message, closed: code === "EPIPE" || code === "ECONNRESET" };
}
