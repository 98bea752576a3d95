import type { RunSubscriber } from "#core/model/event";
import { blockHeader } from "./grouped";
import { HeldOutputs } from "./held-outputs";
import type { RendererOptions } from "./renderer-options";
import { RunConsole } from "./run-console";
import { TailBuffer } from "./tail-buffer";

export type FoldedForm = "github" | "gitlab" | "azure" | "buildkite";

/** How the log of a CI service is told where a block begins and ends. */
interface Marks {
  /** @param header the line above the block, with its newline. */
  readonly open: (header: string, block: BlockFacts) => string;
  readonly close: (block: BlockFacts) => string;
}

interface BlockFacts {
  /** From 1, one for each block of the run. */
  readonly number: number;
  readonly failed: boolean;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

const MARKS: Readonly<Record<FoldedForm, Marks>> = {
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
  github: { open: (header) => `::group::${header}`, close: () => "::endgroup::\n" },
  // https://docs.gitlab.com/ci/jobs/job_logs
  gitlab: {
    open: (header, { number, startedAt }) =>
      `\u001b[0Ksection_start:${startedAt}:zr_${number}[collapsed=true]\r\u001b[0K${header}`,
    close: ({ number, endedAt }) => `\u001b[0Ksection_end:${endedAt}:zr_${number}\r\u001b[0K\n`,
  },
  // https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
  azure: { open: (header) => `##[group]${header}`, close: () => "##[endgroup]\n" },
  // https://buildkite.com/docs/pipelines/configure/managing-log-output: a block ends where the next one begins.
  buildkite: { open: (header, { failed }) => `${failed ? "+++" : "---"} ${header}`, close: () => "" },
};

const TAIL_BYTES = 64 * 1024;

/**
 * As the grouped output, in the form of the log of a CI service: each block can be folded. Since it is shown folded, the
 * last lines of what failed are told again below it.
 */
export function createFoldedLog(form: FoldedForm, options: RendererOptions): RunSubscriber {
  const marks = MARKS[form];
  const console = new RunConsole(options);
  const outputs = new HeldOutputs(console);
  const tails = new Map<string, TailBuffer>();
  let startMs = 0;
  let number = 0;
  return {
    event: (event) => {
      console.observe(event);
      console.remark(event);
      if (event.type === "run.started") startMs = event.wallMs;
      if (event.type === "instance.finished") {
        const record = console.instance(event.id);
        const seconds = (ms: number): number => Math.floor((startMs + ms) / 1000);
        number += 1;
        const block: BlockFacts = {
          number,
          failed: record?.outcome?.failure !== undefined,
          startedAt: seconds(event.at - (record?.durationMs ?? 0)),
          endedAt: seconds(event.at),
        };
        let isOpen = false;
        outputs.show(event.id, () => {
          isOpen = true;
          console.print((look) => (record === undefined ? "" : marks.open(blockHeader(record, look), block)));
        });
        console.print(() => (isOpen ? marks.close(block) : ""));
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
    shown: console.shown,
    close: async () => {
      await console.idle();
      await outputs.clear();
    },
  };
}
