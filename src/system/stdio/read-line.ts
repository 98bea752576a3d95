import { blockingFileSystem } from "#system/runtime-modules";
import { isTerminal } from "./is-terminal";

const TERMINAL = "/dev/tty";

/** What came with an earlier line and belongs to the next one. */
let ahead = "";

/** Whether the next line was typed together with an earlier one, and so is shown already. */
export const isNextLineThere = (): boolean => ahead.includes("\n");

/** The next line of standard input, without its end; undefined where there is none, and once `over` is aborted. */
export async function readLine(over?: AbortSignal): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const aborted = Promise.withResolvers<undefined>();
  const abort = (): void => aborted.resolve(undefined);
  over?.addEventListener("abort", abort);
  let reader: Input | undefined;
  try {
    for (;;) {
      const end = ahead.indexOf("\n");
      if (end >= 0) {
        const line = ahead.slice(0, end).replace(/\r$/, "");
        ahead = ahead.slice(end + 1);
        return line;
      }
      if (over?.aborted === true) return undefined;
      reader ??= openInput();
      const next = await Promise.race([reader.read(), aborted.promise]);
      if (next === undefined) return undefined;
      if (next.done) {
        const rest = ahead;
        ahead = "";
        return rest === "" ? undefined : rest;
      }
      ahead += decoder.decode(next.value, { stream: true });
    }
  } finally {
    over?.removeEventListener("abort", abort);
    void reader?.cancel().catch(() => undefined);
  }
}

type Input = ReturnType<typeof inputFrom>;

/** A terminal is opened anew each time: a pending read of standard input would take what is typed for the next task. */
function openInput(): Input {
  return inputFrom(isTerminal(0) && hasTerminal() ? Bun.file(TERMINAL) : Bun.stdin);
}

/** Whether the program has a terminal by that name: not on Windows, and not where it leads a session without one. */
function hasTerminal(): boolean {
  const { openSync, closeSync } = blockingFileSystem();
  try {
    closeSync(openSync(TERMINAL, "r"));
    return true;
  } catch {
    return false;
  }
}

const inputFrom = (file: Bun.BunFile) => file.stream().getReader();
