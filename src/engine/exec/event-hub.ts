import type { OutputChunk, RunEvent, RunEventBody, RunSubscriber } from "#core/model/event";
import type { RunId } from "#core/model/ids";

/**
 * Hands the facts of one run to its subscribers: in order, at once, to each. One that throws is taken off and reported
 * to the others once; the run never notices.
 */
export class EventHub {
  readonly #run: RunId;
  readonly #elapsedMs: () => number;
  #subscribers: readonly RunSubscriber[];
  #seq = 0;
  readonly #decoders = new Map<string, TextDecoder>();
  readonly #wantsOutputEvents: boolean;

  constructor(run: RunId, subscribers: readonly RunSubscriber[], elapsedMs: () => number) {
    this.#run = run;
    this.#subscribers = subscribers;
    this.#elapsedMs = elapsedMs;
    this.#wantsOutputEvents = subscribers.some((subscriber) => subscriber.outputEvents === true);
  }

  emit(body: RunEventBody): void {
    const event = this.#seal(body);
    for (const subscriber of this.#subscribers) this.#tell(subscriber, event);
  }

  /** A piece of output. A promise means that a reader of it is slow: the task that prints should wait. */
  output(chunk: OutputChunk): void | Promise<void> {
    if (this.#wantsOutputEvents) this.#outputEvent(chunk);
    let slow: Promise<void>[] | undefined;
    for (const subscriber of this.#subscribers) {
      if (subscriber.output === undefined) continue;
      try {
        const waiting = subscriber.output(chunk);
        if (waiting instanceof Promise) (slow ??= []).push(waiting);
      } catch (error) {
        this.#takeOff(subscriber, error);
      }
    }
    if (slow !== undefined) return Promise.allSettled(slow).then(() => undefined);
  }

  /** The rest of a stream's text, where it ended in the middle of a character. */
  endOutput(chunk: Pick<OutputChunk, "id" | "stream">): void {
    if (!this.#wantsOutputEvents) return;
    const key = `${chunk.stream}\0${chunk.id}`;
    const rest = this.#decoders.get(key)?.decode();
    this.#decoders.delete(key);
    if (rest !== undefined && rest !== "")
      this.#sendOutputEvent({ type: "instance.output", ...chunk, text: rest });
  }

  /** Settles when everything is shown that was told so far. */
  async shown(): Promise<void> {
    await Promise.allSettled(this.#subscribers.map(async (subscriber) => subscriber.shown?.()));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#subscribers.map((subscriber) => subscriber.close?.()));
  }

  #outputEvent({ id, stream, bytes }: OutputChunk): void {
    const key = `${stream}\0${id}`;
    let decoder = this.#decoders.get(key);
    if (decoder === undefined) {
      decoder = new TextDecoder();
      this.#decoders.set(key, decoder);
    }
    const text = decoder.decode(bytes, { stream: true });
    if (text !== "") this.#sendOutputEvent({ type: "instance.output", id, stream, text });
  }

  #sendOutputEvent(body: RunEventBody): void {
    const event = this.#seal(body);
    for (const subscriber of this.#subscribers) {
      if (subscriber.outputEvents === true) this.#tell(subscriber, event);
    }
  }

  #seal(body: RunEventBody): RunEvent {
    const seq = this.#seq;
    this.#seq += 1;
    return { v: 1, run: this.#run, seq, at: Math.round(this.#elapsedMs() * 1000) / 1000, ...body };
  }

  #tell(subscriber: RunSubscriber, event: RunEvent): void {
    try {
      subscriber.event(event);
    } catch (error) {
      this.#takeOff(subscriber, error);
    }
  }

  #takeOff(subscriber: RunSubscriber, error: unknown): void {
    this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
    this.emit({
      type: "note",
      level: "warn",
      text: `a reader of this run failed and was taken off: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
