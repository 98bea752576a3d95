import type { RunSubscriber } from "#core/model/event";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";

/** Output as it comes, byte for byte, on the stream it came from. */
export function createInterleaved(options: RendererOptions): RunSubscriber {
  const console = new RunConsole(options);
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "instance.finished" && event.outcome.state !== "success") console.failure(event.id);
      if (event.type === "run.finished") console.summary();
    },
    output: ({ stream, bytes }) => console.bytes(stream, bytes),
    shown: console.shown,
    close: console.idle,
  };
}
