import { formatSize } from "#base/size";

/** What is shown of an installation; bytes are those received, or unpacked. */
export type ToolEvent = { readonly tool: string; readonly version: string } & (
  | { readonly kind: "waiting" | "installed" | "failed" | "building" }
  | { readonly kind: "downloading"; readonly bytes: number; readonly total: number | undefined }
  | { readonly kind: "unpacking"; readonly bytes: number }
);

export interface ProgressTarget {
  readonly isQuiet: boolean;
  /** Whether a line can be written over. */
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly print: (text: string) => Promise<void>;
}

export interface ToolProgress {
  readonly report: (event: ToolEvent) => void;
  /** All that was reported is shown; the line that changes is gone. */
  readonly done: () => Promise<void>;
}

/** A line is drawn over at most so often, in milliseconds. */
const PAUSE_MS = 100;
const ERASE = "\r\u001b[2K";

/** One line for each tool that is done; on a terminal, one below them says how far the others are. */
export function createToolProgress({ isQuiet, isTerminal, columns, print }: ProgressTarget): ToolProgress {
  const active = new Map<string, string>();
  let queue: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDrawn = false;
  const write = (text: string): void => {
    queue = queue.then(() => print(text));
  };
  const erase = (): string => {
    const was = isDrawn;
    isDrawn = false;
    return was ? ERASE : "";
  };
  const draw = (): void => {
    timer = undefined;
    if (active.size === 0) return;
    const line = Bun.sliceAnsi(
      [...active].map(([name, state]) => `${name} ${state}`).join(" · "),
      0,
      columns() - 1,
    );
    write(`${erase()}${line}`);
    isDrawn = true;
  };
  return {
    report: (event) => {
      if (isQuiet) return;
      const name = `${event.tool} ${event.version}`;
      if (event.kind === "installed" || event.kind === "failed") {
        active.delete(name);
        write(`${erase()}${event.kind === "installed" ? `installed ${name}\n` : ""}`);
      } else active.set(name, stateOf(event));
      if (isTerminal && timer === undefined) timer = setTimeout(draw, PAUSE_MS);
    },
    done: async () => {
      clearTimeout(timer);
      write(erase());
      await queue;
    },
  };
}

function stateOf(event: ToolEvent): string {
  switch (event.kind) {
    case "installed":
    case "failed":
      return "";
    case "waiting":
      return "waits for another zr";
    case "building":
      return "is being built";
    case "unpacking":
      return `unpacking ${formatSize(event.bytes)}`;
    case "downloading":
      return event.total === undefined
        ? formatSize(event.bytes)
        : `${Math.floor((event.bytes / event.total) * 100)}% of ${formatSize(event.total)}`;
  }
}
