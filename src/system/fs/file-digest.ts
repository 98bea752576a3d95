import { noteRead } from "./read-trace";

/** The SHA-256 of a file's content in hexadecimal; undefined where there is no file that can be read. */
export async function fileDigest(path: string): Promise<string | undefined> {
  noteRead(path);
  const hasher = new Bun.CryptoHasher("sha256");
  try {
    for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
    return hasher.digest("hex");
  } catch {
    return undefined;
  }
}

/** One SHA-256 for a list of texts, in hexadecimal. The order counts. */
export function textsDigest(texts: readonly string[]): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const text of texts) hasher.update(`${text.length}:${text}`);
  return hasher.digest("hex");
}
