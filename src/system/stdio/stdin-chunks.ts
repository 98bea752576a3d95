/** Standard input as it comes, to its end. An input that breaks off has ended. */
export async function* stdinChunks(): AsyncGenerator<Uint8Array> {
  const reader = Bun.stdin.stream().getReader();
  for (;;) {
    const next = await reader.read().catch(() => undefined);
    if (next === undefined || next.done) return;
    yield next.value;
  }
}
