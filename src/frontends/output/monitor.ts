import type { InstanceId } from "#core/model/ids";
import type { RunEvent, RunSubscriber } from "#core/model/event";
import { reduceRun } from "#core/model/record";
import type { RunRecord } from "#core/model/record";
import { LiveBlock } from "./live-block";
import type { Write } from "./renderer-options";
import { sampleLine, sampleTable, takenTable } from "./resource-table";
import type { ResourceSample } from "./resource-table";

/** How often a line is written where nothing can be drawn anew. */
const LINE_MS = 5000;
const MOST_LINES = 14;

const encoder = new TextEncoder();

export interface MonitorOptions {
  readonly write: Write;
  /** Columns and rows of the terminal on stderr, now; undefined where there is none. */
  readonly window: () => { readonly columns: number; readonly rows: number } | undefined;
  readonly sharesStdout: boolean;
}

/** What the instances take while they run and what they have taken, on stderr, beside another renderer. */
export interface Monitor {
  /** What the other renderer has to write through. */
  readonly write: Write;
  /** The other renderer with this one after it. */
  readonly around: (renderer: RunSubscriber) => RunSubscriber;
}

/** On a terminal a table below the output; elsewhere a line now and then. A table at the end in both cases. */
export function createMonitor({ write, window, sharesStdout }: MonitorOptions): Monitor {
  const block = window() === undefined ? undefined : new LiveBlock({ write, sharesStdout });
  const print = (text: string): void => void write("stderr", encoder.encode(text));
  let record: RunRecord | undefined;
  let interactive = 0;
  let lastLineAt = Number.NEGATIVE_INFINITY;
  const show = (sample: ResourceSample): void => {
    const size = window();
    if (block !== undefined && size !== undefined) {
      // An interactive task has the terminal to itself.
      if (interactive > 0) return;
      const rows = Math.min(MOST_LINES, size.rows - 1);
      block.show(sample.instances.length === 0 ? [] : sampleTable(sample, { columns: size.columns, rows }));
    } else if (sample.instances.length > 0 && sample.at - lastLineAt >= LINE_MS) {
      lastLineAt = sample.at;
      print(`monitor: ${sampleLine(sample)}\n`);
    }
  };
  const note = (event: RunEvent): void => {
    record = reduceRun(record, event);
    if (event.type === "resources.sampled") show(event);
    if (event.type === "instance.started" && isInteractive(record, event)) {
      block?.clear();
      interactive += 1;
    }
    if (event.type === "instance.attempt-finished" && isInteractive(record, event)) interactive -= 1;
    if (event.type === "run.finished") block?.clear();
  };
  const finish = (): void => {
    const lines = record === undefined ? [] : takenTable(record, window()?.columns ?? 100);
    print(lines.map((line) => `${line}\n`).join(""));
  };
  return {
    write: block === undefined ? write : block.write,
    around: (renderer) => ({
      ...renderer,
      event: (event) => {
        note(event);
        renderer.event(event);
      },
      close: async () => {
        await renderer.close?.();
        finish();
      },
    }),
  };
}

const isInteractive = (record: RunRecord, { id }: { readonly id: InstanceId }): boolean =>
  record.instances.get(id)?.planned.interactive === true;
