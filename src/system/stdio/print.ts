import type { StandardStream } from "./sink";

/**
 * Writes one text and waits until it has gone: the cheapest way for a listing or a page of errors. A reader that has
 * gone away (`zr list | head -1`) is no error.
 */
export async function print(stream: StandardStream, text: string): Promise<void> {
  if (text === "") return;
  try {
    await Bun.write(stream === "stdout" ? Bun.stdout : Bun.stderr, text);
  } catch (error) {
    // `code` is set on every error of the system.
    if ((error as { code?: string }).code !== "EPIPE") throw error;
  }
}
