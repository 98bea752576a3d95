import type { RunSubscriber } from "#core/model/event";
import type { InstanceRecord } from "#core/model/record";
import { blockHeader } from "./grouped";
import { HeldOutputs } from "./held-outputs";
import { plainLook } from "./look";
import { outcomeText } from "./outcome-text";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { hasFailed } from "./run-reports";
import type { FinishedRun } from "./run-reports";
import { TailBuffer } from "./tail-buffer";
import { visibleControls } from "./visible-text";

const TAIL_BYTES = 64 * 1024;

/**
 * As the grouped output, in the form of the log of GitHub Actions: each block can be folded. Since it is shown folded,
 * the last lines of what failed are told again below it.
 */
export function createGithub(options: RendererOptions): RunSubscriber {
  const console = new RunConsole(options);
  const outputs = new HeldOutputs(console);
  const tails = new Map<string, TailBuffer>();
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "instance.finished") {
        const record = console.instance(event.id);
        let isOpen = false;
        outputs.show(event.id, () => {
          isOpen = true;
          console.print((look) => (record === undefined ? "" : `::group::${blockHeader(record, look)}`));
        });
        console.print(() => (isOpen ? "::endgroup::\n" : ""));
        console.failure(event.id, tails.get(event.id));
        tails.delete(event.id);
      }
      if (event.type === "run.finished") console.summary();
    },
    output: (chunk) => {
      let tail = tails.get(chunk.id);
      if (tail === undefined) tails.set(chunk.id, (tail = new TailBuffer(TAIL_BYTES)));
      tail.append(chunk.stream, chunk.bytes);
      return outputs.append(chunk);
    },
    close: async () => {
      await console.idle();
      await outputs.clear();
    },
  };
}

/** A file as the log's reader names it, and a line in it. */
export interface AnnotationPlace {
  readonly file: string;
  readonly line: number;
}

/** One annotation for each instance that failed, at the place that defines its task. Ends with a newline, or is empty. */
export function githubAnnotations(
  { record, tails }: FinishedRun,
  placeOf: (instance: InstanceRecord) => AnnotationPlace | undefined,
): string {
  const look = plainLook(true);
  return [...record.instances.values()]
    .filter(hasFailed)
    .map((instance) => {
      const { planned, outcome } = instance;
      const place = placeOf(instance);
      const where = place === undefined ? "" : `file=${property(place.file)},line=${place.line},`;
      const lines = (tails.get(planned.id)?.lastLines(10) ?? []).map((line) =>
        visibleControls(Bun.stripANSI(line)),
      );
      const head = `${look.symbols.state.failed} ${planned.label} ${outcome === undefined ? "" : outcomeText(outcome)}`;
      return `::error ${where}title=${property(`zr run ${planned.label}`)}::${data([visibleControls(head), ...lines].join("\n"))}\n`;
    })
    .join("");
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string =>
  data(visibleControls(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
