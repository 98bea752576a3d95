/** One member of an archive that a test makes by hand, of whatever kind. */
export interface TarEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  /** By the letter of the format: `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe. */
  readonly type?: string;
  readonly link?: string;
}

const BLOCK = 512;

/** The bytes of a tar archive (ustar) with just these members. */
export function tarBytes(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const { name, content = "", mode = 0o644, type = "0", link = "" } of entries) {
    const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const header = new Uint8Array(BLOCK);
    const put = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at);
    put(0, name);
    put(100, `${mode.toString(8).padStart(7, "0")}\0`);
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, `${body.length.toString(8).padStart(11, "0")}\0`);
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, type);
    put(157, link);
    put(257, "ustar\u000000");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    parts.push(header, body, new Uint8Array((BLOCK - (body.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Uint8Array(Buffer.concat(parts));
}

export const tarGz = (entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> =>
  Bun.gzipSync(tarBytes(entries));
