import { formatSize } from "#base/size";
import type { OutputChunk, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Silence } from "#core/model/plan";
import { TailBuffer } from "./tail-buffer";

/** What is kept of a silent output. */
const KEPT_BYTES = 1024 * 1024;

const encoder = new TextEncoder();

/**
 * The renderer, with the silent streams of instances held back: their output, or the end of it where it is long, comes
 * when the instance has failed, and never when it has not.
 */
export function withSilence(renderer: RunSubscriber, silence: (id: InstanceId) => Silence): RunSubscriber {
  const held = new Map<InstanceId, TailBuffer>();
  const output = (chunk: OutputChunk): void | Promise<void> => {
    const silent = silence(chunk.id);
    if (silent !== "both" && silent !== chunk.stream) return renderer.output?.(chunk);
    let tail = held.get(chunk.id);
    if (tail === undefined) held.set(chunk.id, (tail = new TailBuffer(KEPT_BYTES)));
    tail.append(chunk.stream, chunk.bytes);
    return undefined;
  };
  return {
    ...renderer,
    output,
    event: (event) => {
      if (event.type === "instance.finished") {
        const tail = held.get(event.id);
        held.delete(event.id);
        const { state } = event.outcome;
        if (tail !== undefined && (state === "failed" || state === "timed_out"))
          release(renderer, event.id, tail);
      }
      renderer.event(event);
    },
  };
}

/** Shows what was held back of an instance's output. */
export function release(renderer: RunSubscriber, id: InstanceId, tail: TailBuffer): void {
  const dropped = tail.droppedBytes;
  if (dropped > 0) {
    const bytes = encoder.encode(`(${formatSize(dropped)} of earlier output not kept)\n`);
    // The task has ended: nobody is left to be held back.
    void renderer.output?.({ id, stream: "stderr", bytes });
  }
  for (const { stream, bytes } of tail.pieces()) void renderer.output?.({ id, stream, bytes });
}
