import { noteRead } from "./read-trace";

/** All bytes of a file. Throws the system's error. */
export function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  noteRead(path);
  return Bun.file(path).bytes();
}
