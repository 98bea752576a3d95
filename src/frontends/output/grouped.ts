import { formatDuration } from "#base/duration";
import type { RunSubscriber } from "#core/model/event";
import type { InstanceRecord } from "#core/model/record";
import { HeldOutputs } from "./held-outputs";
import type { Look } from "./look";
import { outcomeText } from "./outcome-text";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { visibleControls } from "./visible-text";

/** The output of each instance in one block when it ends, under a line that says whose it is. */
export function createGrouped(options: RendererOptions): RunSubscriber {
  const console = new RunConsole(options);
  const outputs = new HeldOutputs(console);
  // A run of one command is one block anyway: it is shown while it grows.
  let single = false;
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "run.planned") single = console.commandCount === 1;
      if (event.type === "instance.finished") {
        const record = console.instance(event.id);
        outputs.show(event.id, () =>
          console.print((look) => (record === undefined ? "" : blockHeader(record, look))),
        );
        // Something follows, at the latest the summary: nothing is gained by leaving the last line open.
        if (!single) console.step(() => console.endLine());
        console.failure(event.id);
      }
      if (event.type === "run.finished") console.summary();
    },
    output: (chunk) => (single ? console.bytes(chunk.stream, chunk.bytes) : outputs.append(chunk)),
    shown: console.shown,
    close: async () => {
      await console.idle();
      await outputs.clear();
    },
  };
}

/** The line above a block: `✓ app:build (1.2s)`. What went wrong is told below the block. */
export function blockHeader({ planned, outcome, durationMs }: InstanceRecord, look: Look): string {
  if (outcome === undefined) return "";
  const { theme, symbols } = look;
  const failed = outcome.state === "failed" || outcome.state === "timed_out";
  const word = failed || outcome.state === "success" ? "" : ` ${outcomeText(outcome)}`;
  const paint = failed ? theme.bad : theme.strong;
  const head = paint(visibleControls(`${symbols.state[outcome.state]} ${planned.label}${word}`));
  return `${head} ${theme.dim(`(${formatDuration(durationMs)})`)}\n`;
}
