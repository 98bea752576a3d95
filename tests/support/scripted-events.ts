import type { PlannedInstance, RunEvent, RunEventBody, RunSubscriber } from "#core/model/event";
import { instanceId, runId } from "#core/model/ids";
import type { Failure, Outcome } from "#core/model/outcome";

/** A run told to a subscriber by hand: `run.planned` is sent at once, the rest as the test says. */
export class ScriptedEvents {
  readonly #subscriber: RunSubscriber;
  #seq = 0;

  constructor(
    subscriber: RunSubscriber,
    instances: readonly (Partial<PlannedInstance> & { readonly label: string })[],
  ) {
    this.#subscriber = subscriber;
    const planned = instances.map((instance) => plannedInstance(instance));
    const ids = planned.map(({ id }) => id);
    this.send({ type: "run.started", wallMs: 0, zr: "1.0.0", root: "/repo", request: ["run"], jobs: 2 });
    this.send({ type: "run.planned", instances: planned, requested: ids.slice(-1), criticalPath: ids });
  }

  send(body: RunEventBody): void {
    // The envelope completes the body.
    this.#subscriber.event({ v: 1, run: runId("run-1"), seq: this.#seq, at: this.#seq, ...body } as RunEvent);
    this.#seq += 1;
  }

  started(id: string): void {
    this.send({ type: "instance.queued", id: instanceId(id) });
    this.send({ type: "instance.started", id: instanceId(id), attempt: 1 });
  }

  /** Output; the bytes are overwritten afterwards, as a real reader's buffer would be. */
  output(
    id: string,
    data: string | Uint8Array,
    stream: "stdout" | "stderr" = "stdout",
  ): void | Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
    const wait = this.#subscriber.output?.({ id: instanceId(id), stream, bytes });
    bytes.fill(0x21);
    return wait;
  }

  retry(
    id: string,
    attempt: number,
    options: { readonly failure: Failure; readonly retryInMs: number },
  ): void {
    this.send({ type: "instance.attempt-finished", id: instanceId(id), attempt, durationMs: 10, ...options });
  }

  finished(
    id: string,
    outcome: Outcome = { state: "success" },
    options: { durationMs?: number; attempts?: number } = {},
  ): void {
    const { durationMs = 1200, attempts = 1 } = options;
    this.send({ type: "instance.finished", id: instanceId(id), outcome, durationMs, attempts });
  }

  async end(
    exitCode = 0,
    options: { readonly durationMs?: number; readonly interrupted?: string } = {},
  ): Promise<void> {
    this.send({ type: "run.finished", exitCode, durationMs: 2000, ...options });
    await this.#subscriber.close?.();
  }
}

function plannedInstance(given: Partial<PlannedInstance> & { readonly label: string }): PlannedInstance {
  return {
    id: instanceId(given.label),
    package: "",
    task: given.label,
    command: `do ${given.label}`,
    cwd: "/repo",
    edges: [],
    reason: { kind: "requested" },
    tags: [],
    group: false,
    interactive: false,
    ...given,
  };
}

/** Takes what a renderer writes, with the stream of each piece. */
export class WrittenOutput {
  readonly pieces: { readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }[] = [];

  readonly write = (stream: "stdout" | "stderr", bytes: Uint8Array): void => {
    this.pieces.push({ stream, bytes: bytes.slice() });
  };

  /** Everything written to a stream, or in the order of writing to both. */
  bytes(stream?: "stdout" | "stderr"): Buffer {
    return Buffer.concat(
      this.pieces
        .filter((piece) => stream === undefined || piece.stream === stream)
        .map(({ bytes }) => bytes),
    );
  }

  text(stream?: "stdout" | "stderr"): string {
    return this.bytes(stream).toString("utf8");
  }
}

/** Options for a renderer that writes into `written` and keeps what is large in `files`. */
export function rendererOptions(written: WrittenOutput): {
  readonly write: WrittenOutput["write"];
  readonly color: false;
  readonly unicode: true;
  readonly columns: 80;
  readonly cwd: string;
  readonly spoolFolder: string;
} {
  return {
    write: written.write,
    color: false,
    unicode: true,
    columns: 80,
    cwd: "/repo",
    spoolFolder: "/nowhere",
  };
}
