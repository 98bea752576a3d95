import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { release } from "./silence";
import { TailBuffer } from "./tail-buffer";

/** What is kept of an output until it is decided whether it is shown. */
const KEPT_BYTES = 8 * 1024 * 1024;

/**
 * The renderer, with the output of instances that have an `output_if` held back until it is decided; what is shown
 * then, or its end where it is long, is shown in the order in which it came.
 */
export function withConditionalOutput(
  renderer: RunSubscriber,
  isConditional: (id: InstanceId) => boolean,
): RunSubscriber {
  const held = new Map<InstanceId, TailBuffer>();
  const take = (id: InstanceId): TailBuffer | undefined => {
    const tail = held.get(id);
    held.delete(id);
    return tail;
  };
  return {
    ...renderer,
    output: (chunk) => {
      if (!isConditional(chunk.id)) return renderer.output?.(chunk);
      let tail = held.get(chunk.id);
      if (tail === undefined) held.set(chunk.id, (tail = new TailBuffer(KEPT_BYTES)));
      tail.append(chunk.stream, chunk.bytes);
      return undefined;
    },
    event: (event) => {
      if (event.type === "instance.output-decided" || event.type === "instance.finished") {
        const tail = take(event.id);
        // Undecided at its end: nothing has said that it is not to be seen.
        const isShown = event.type === "instance.finished" || event.shown;
        if (tail !== undefined && isShown) release(renderer, event.id, tail);
      }
      renderer.event(event);
    },
  };
}
