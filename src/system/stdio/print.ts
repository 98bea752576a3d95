import { isTerminalGone } from "./is-terminal-gone";
import type { StandardStream } from "./sink";

/**
 * Writes one text and waits until it has gone: the cheapest way for a listing or a page of errors. A reader that has
 * gone away (`zr list | head -1`) is no error, and neither is a terminal that is no more.
 * @throws UnwrittenOutput where the text can't be written for another reason.
 */
export async function print(stream: StandardStream, text: string): Promise<void> {
  if (text === "") return;
  try {
    await Bun.write(stream === "stdout" ? Bun.stdout : Bun.stderr, text);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EPIPE" || isTerminalGone(stream, String(error.code))) return;
    throw new (await import("./unwritten-output")).UnwrittenOutput(stream, error);
  }
}
