/** Standard input line by line. */
export interface LineReader {
  /** The next line, without its end; undefined where there is none. */
  readonly next: () => Promise<string | undefined>;
  /** Lets go of standard input. What has come and was not read is lost. */
  readonly close: () => Promise<void>;
}

/** For several lines: standard input can be opened only once in a process that goes on waiting for it. */
export function openLineReader(): LineReader {
  const decoder = new TextDecoder();
  const reader = Bun.stdin.stream().getReader();
  let text = "";
  const takeLine = (): string | undefined => {
    const end = text.indexOf("\n");
    if (end === -1) return undefined;
    const line = text.slice(0, end).replace(/\r$/, "");
    text = text.slice(end + 1);
    return line;
  };
  return {
    next: async () => {
      for (;;) {
        const line = takeLine();
        if (line !== undefined) return line;
        const more = await reader.read();
        if (more.done) {
          const rest = text;
          text = "";
          return rest === "" ? undefined : rest;
        }
        text += decoder.decode(more.value, { stream: true });
      }
    },
    close: async () => reader.cancel(),
  };
}
