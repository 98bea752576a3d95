/** The next line of standard input, without its end; undefined where there is none. */
export async function readLine(): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  const reader = Bun.stdin.stream().getReader();
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) return text === "" ? undefined : text;
      text += decoder.decode(next.value, { stream: true });
      const end = text.indexOf("\n");
      if (end >= 0) return text.slice(0, end).replace(/\r$/, "");
    }
  } finally {
    reader.releaseLock();
  }
}
