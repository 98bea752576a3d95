import type { RunSubscriber } from "#core/model/event";
import type { RendererOptions } from "./renderer-options";

const encoder = new TextEncoder();

/** Every event as one line of JSON on stdout, output as masked text included. */
export function createEvents(options: Pick<RendererOptions, "write">): RunSubscriber {
  let waiting: void | Promise<void>;
  return {
    outputEvents: true,
    event: (event) => {
      waiting = options.write("stdout", encoder.encode(`${JSON.stringify(event)}\n`));
    },
    // The text has come as an event; here the task learns that the reader is slow.
    output: () => waiting,
  };
}
