import type { OutputChunk, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { LineWriter } from "./line-writer";
import type { LineStream } from "./line-writer";
import type { Look } from "./look";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { truncate, visibleControls } from "./visible-text";

const WIDEST_LABEL = 32;
const encoder = new TextEncoder();

/** Each line of output with the name of its task in front, on the stream it came from; lines stay whole. */
export function createPrefixed(options: RendererOptions): RunSubscriber {
  const console = new RunConsole(options);
  const view = new PrefixedView(console);
  return {
    event: (event) => {
      console.observe(event);
      if (event.type === "run.planned") view.plan(event.instances);
      if (event.type === "instance.attempt-finished") view.endLines(event.id);
      console.remark(event);
      if (event.type === "instance.finished") {
        view.endLines(event.id);
        console.failure(event.id);
      }
      if (event.type === "run.finished") console.summary();
    },
    output: (chunk) => view.output(chunk),
    shown: console.shown,
    close: console.idle,
  };
}

interface LabelledStream extends LineStream {
  /** What stands before each line, but for the time. */
  readonly label: string;
}

class PrefixedView {
  readonly #console: RunConsole;
  readonly #lines: LineWriter;
  readonly #streams = new Map<InstanceId, Partial<Record<OutputChunk["stream"], LabelledStream>>>();
  readonly #labels = new Map<InstanceId, string>();
  #width = 0;

  constructor(console: RunConsole) {
    this.#console = console;
    this.#lines = new LineWriter(console.pass);
  }

  plan(
    instances: readonly { readonly id: InstanceId; readonly label: string; readonly group: boolean }[],
  ): void {
    const { columns, unicode } = this.#console.options;
    const widest = Math.max(8, Math.min(WIDEST_LABEL, Math.floor(columns / 3)));
    for (const { id, label, group } of instances) {
      if (group) continue;
      const shown = truncate(visibleControls(label), widest, unicode ? "…" : "...");
      this.#labels.set(id, shown);
      this.#width = Math.max(this.#width, Bun.stringWidth(shown));
    }
  }

  output(chunk: OutputChunk): void | Promise<void> {
    const stream = this.#streams.get(chunk.id)?.[chunk.stream];
    if (stream !== undefined && !this.#console.busy) return this.#push(stream, chunk.bytes);
    const bytes = chunk.bytes.slice();
    return this.#console.withLook((look) => this.#push(this.#stream(chunk, look), bytes));
  }

  #push(stream: LabelledStream, bytes: Uint8Array): void | Promise<void> {
    const { timestamp } = this.#console.options;
    // Lines get the time at which their end has come.
    if (timestamp !== undefined) stream.prefix = encoder.encode(`${timestamp()} ${stream.label}`);
    return this.#lines.push(stream, bytes);
  }

  endLines(id: InstanceId): void {
    this.#console.step(() => {
      for (const stream of Object.values(this.#streams.get(id) ?? {})) this.#lines.end(stream);
    });
  }

  #stream({ id, stream }: OutputChunk, look: Look): LabelledStream {
    let streams = this.#streams.get(id);
    if (streams === undefined) this.#streams.set(id, (streams = {}));
    const known = streams[stream];
    if (known !== undefined) return known;
    const label = this.#prefix(id, look);
    return (streams[stream] = { ...this.#lines.open(stream, encoder.encode(label)), label });
  }

  /** `name │ `, padded to the widest name, in a colour that depends on the name alone. */
  #prefix(id: InstanceId, { theme, symbols }: Look): string {
    const label = this.#labels.get(id) ?? visibleControls(id);
    const pad = " ".repeat(Math.max(0, this.#width - Bun.stringWidth(label)));
    const paint = theme.labels[hashOf(id) % theme.labels.length];
    const text = `${label}${pad} ${symbols.bar}`;
    return `${paint === undefined ? text : paint(text)} `;
  }
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
