/** The bytes of a file. Throws the system's error, and where there is a pipe or a device. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (isSpecial(path)) throw new Error("it is no regular file");
  return Bun.file(path).bytes();
}

/** Whether there is a pipe or a device, to open which might take until someone writes to it. */
export const isSpecial = (path: string): boolean => Bun.file(path).size === Infinity;

/** Bytes of a file; 0 where it is not there. */
export const fileSize = (path: string): number => Bun.file(path).size;

/**
 * Writes a file into a folder that is there, without the file system module, which takes longer to load than a short run
 * can spare. Nobody may rely on the file being whole: it has to say so itself. Throws the system's error.
 */
export async function writeInPlace(path: string, content: Uint8Array | string): Promise<void> {
  await Bun.write(path, content, { createPath: false });
}
