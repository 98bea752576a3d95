import type { RunSubscriber } from "#core/model/event";
import { blockHeader } from "./grouped";
import { HeldOutputs } from "./held-outputs";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";

/** The whole output of the instances that fail, each in one block; of the others nothing. */
export function createErrorsOnly(options: RendererOptions): RunSubscriber {
  const console = new RunConsole(options);
  const outputs = new HeldOutputs(console);
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "instance.finished") {
        const { id, outcome } = event;
        const record = console.instance(id);
        if (outcome.state === "failed" || outcome.state === "timed_out") {
          outputs.show(id, () =>
            console.print((look) => (record === undefined ? "" : blockHeader(record, look))),
          );
          console.failure(id);
        } else {
          outputs.discard(id);
        }
      }
      if (event.type === "run.finished") console.summary();
    },
    output: (chunk) => outputs.append(chunk),
    shown: console.shown,
    close: async () => {
      await console.idle();
      await outputs.clear();
    },
  };
}
