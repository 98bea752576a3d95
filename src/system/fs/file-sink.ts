import { fileSystem } from "#system/runtime-modules";

/** A file that output is written to as it comes. */
export interface FileSink {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a file for writing, making its folder. Throws the system's error where that is not possible. */
export async function openSink(path: string, { append }: { readonly append: boolean }): Promise<FileSink> {
  const { mkdir, open } = fileSystem();
  await mkdir(path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
  const file = await open(path, append ? "a" : "w");
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: two streams may share a sink.
    write: (bytes) => {
      const copy = bytes.slice();
      const written = last.then(() => file.writeFile(copy));
      last = written.catch(() => undefined);
      return written;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}
