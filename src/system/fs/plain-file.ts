/** The bytes of a file. Throws the system's error. */
export const readBytes = (path: string): Promise<Uint8Array> => Bun.file(path).bytes();

/** Bytes of a file; 0 where it is not there. */
export const fileSize = (path: string): number => Bun.file(path).size;

/**
 * Writes a file into a folder that is there, without the file system module, which takes longer to load than a short run
 * can spare. Nobody may rely on the file being whole: it has to say so itself. Throws the system's error.
 */
export async function writeInPlace(path: string, content: Uint8Array | string): Promise<void> {
  await Bun.write(path, content, { createPath: false });
}
