import { formatDuration } from "#base/duration";
import type { RunEvent } from "#core/model/event";
import { INSTANCE_STATES } from "#core/model/outcome";
import { reduceRun } from "#core/model/record";
import type { RunRecord } from "#core/model/record";
import { LiveBlock } from "./live-block";
import type { Look } from "./look";
import { outcomeText, STATE_WORD } from "./outcome-text";
import { sampleLine, sampleTable, takenTable } from "./resource-table";
import type { ResourceSample } from "./resource-table";
import { truncate, visibleControls } from "./visible-text";

/** How often a line is written where nothing can be drawn anew. */
const LINE_MS = 5000;

const encoder = new TextEncoder();

export interface LiveViewOptions {
  readonly look: Look;
  readonly write: (bytes: Uint8Array) => void;
  /** Of the terminal, now; undefined where the view goes elsewhere. */
  readonly window: () => { readonly columns: number; readonly rows: number } | undefined;
  /** Whether keys can be pressed. */
  readonly hasKeys: boolean;
}

/** A run in progress that somebody else has started: what ends, above what runs and what that takes. */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #block: LiveBlock | undefined;
  #record: RunRecord;
  #sample: ResourceSample | undefined;
  #lastLineAt = Number.NEGATIVE_INFINITY;

  constructor(record: RunRecord, options: LiveViewOptions) {
    this.#record = record;
    this.#options = options;
    const write = (_stream: unknown, bytes: Uint8Array): void => options.write(bytes);
    this.#block = options.window() === undefined ? undefined : new LiveBlock({ write, sharesStdout: true });
    this.#print(`${this.#title()}\n`);
    this.#draw(0);
  }

  event(event: RunEvent): void {
    this.#record = reduceRun(this.#record, event);
    if (event.type === "instance.finished" && event.outcome.state !== "skipped") this.#finished(event);
    if (event.type === "resources.sampled") this.#sampled(event);
    else this.#draw(event.at);
  }

  /** To be called when no event follows; false where the run has gone without saying how it ended. */
  finish(isLeft: boolean): boolean {
    this.#block?.clear();
    const { exitCode, durationMs } = this.#record;
    if (exitCode === undefined) {
      this.#print(isLeft ? "the run goes on\n" : "the run is gone without having told of its end\n");
      return false;
    }
    const lines = takenTable(this.#record, this.#columns());
    const end = `${this.#counts()} after ${formatDuration(durationMs ?? 0)}, exit code ${exitCode}`;
    this.#print([...lines, end].map((line) => `${line}\n`).join(""));
    return true;
  }

  #finished({ id, outcome, durationMs }: Extract<RunEvent, { readonly type: "instance.finished" }>): void {
    const { symbols } = this.#options.look;
    const label = this.#record.instances.get(id)?.planned.label ?? id;
    const text = `${symbols.state[outcome.state]} ${label} ${outcomeText(outcome)} (${formatDuration(durationMs)})`;
    this.#print(`${visibleControls(text)}\n`);
  }

  #sampled(sample: ResourceSample): void {
    this.#sample = sample;
    this.#draw(sample.at);
    if (this.#block !== undefined || sample.at - this.#lastLineAt < LINE_MS) return;
    this.#lastLineAt = sample.at;
    this.#print(`${sampleLine(sample)}\n`);
  }

  #draw(at: number): void {
    const size = this.#options.window();
    if (this.#block === undefined || size === undefined || this.#record.exitCode !== undefined) return;
    const { columns, rows } = size;
    const head = [formatDuration(at), this.#counts(), ...(this.#options.hasKeys ? ["q leaves"] : [])];
    const table = this.#sample === undefined ? [] : sampleTable(this.#sample, { columns, rows: rows - 2 });
    this.#block.show([truncate(head.join(" · "), columns - 1, "…"), ...table]);
  }

  #title(): string {
    const { run, request } = this.#record;
    return visibleControls(`run ${run}: ${request.join(" ")}`);
  }

  /** `2 running, 3 to come, 4 ok, 1 failed`. */
  #counts(): string {
    const { instances, counts } = this.#record;
    let running = 0;
    let left = 0;
    for (const { phase } of instances.values()) {
      if (phase === "running" || phase === "ready") running += 1;
      else if (phase !== "finished") left += 1;
    }
    const parts = INSTANCE_STATES.map((state) => [counts[state], STATE_WORD[state]] as const);
    return [[running, "running"] as const, [left, "to come"] as const, ...parts]
      .filter(([count]) => count > 0)
      .map(([count, word]) => `${count} ${word}`)
      .join(", ");
  }

  #columns(): number {
    return this.#options.window()?.columns ?? 100;
  }

  #print(text: string): void {
    const bytes = encoder.encode(text);
    if (this.#block === undefined) this.#options.write(bytes);
    else void this.#block.write("stdout", bytes);
  }
}
