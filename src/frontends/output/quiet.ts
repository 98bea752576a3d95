import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { TailBuffer } from "./tail-buffer";

/** Enough for the lines that a failure block shows. */
const TAIL_BYTES = 64 * 1024;

/** No output; of an instance that fails the last lines, and one line at the end. */
export function createQuiet(options: RendererOptions): RunSubscriber {
  const console = new RunConsole({ ...options, quiet: true });
  const tails = new Map<InstanceId, TailBuffer>();
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "instance.finished") {
        console.failure(event.id, tails.get(event.id));
        tails.delete(event.id);
      }
      if (event.type === "run.finished") console.summary();
    },
    output: ({ id, stream, bytes }) => {
      let tail = tails.get(id);
      if (tail === undefined) tails.set(id, (tail = new TailBuffer(TAIL_BYTES)));
      tail.append(stream, bytes);
    },
    shown: console.shown,
    close: console.idle,
  };
}
