import type { Stats } from "node:fs";
import { drawNumber } from "#system/fs/draw-number";
import { readBytesAtOnce } from "#system/fs/read-at-once";
import { blockingFileSystem } from "#system/runtime-modules";

/** SHA-256 in hexadecimal. */
export const sha256 = (bytes: Uint8Array | string): string => Bun.SHA256.hash(bytes, "hex");

/** Used often enough that its time is worth a write. */
const TOUCH_AFTER_MS = 30 * 60_000;

/**
 * Files by their names, in folders by the first two letters: `ab/abcd…`. A file becomes visible whole, by a rename, and
 * two that write the same name at once write the same content. Nothing is forced to the disk: what a crash of the
 * machine leaves half written is found by its digest when it is read. Methods throw the system's errors.
 */
export class NamedFiles {
  readonly #folder: string;
  readonly #temporary: string;

  /** @param temporary a folder of the same file system, which exists. */
  constructor(folder: string, temporary: string) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  path(name: string): string {
    return `${this.#folder}/${name.slice(0, 2)}/${name}`;
  }

  /** Whether it is there. A file that has not been used for long counts as used again. */
  has(name: string): boolean {
    return this.touch(name) !== undefined;
  }

  /** Bytes of the file, which counts as used now; undefined where it is not there. */
  touch(name: string): number | undefined {
    const { utimesSync } = blockingFileSystem();
    const path = this.path(name);
    const found = statOf(path);
    if (found?.isFile() !== true) return undefined;
    const now = Date.now();
    if (now - found.mtimeMs > TOUCH_AFTER_MS)
      try {
        utimesSync(path, now / 1000, now / 1000);
      } catch (error) {
        // One that is only read, by somebody who may not write.
        if (!(error instanceof Error && "code" in error)) throw error;
      }
    return found.size;
  }

  read(name: string): Uint8Array | undefined {
    try {
      return readBytesAtOnce(this.path(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The content as it is sent, without going through memory. */
  content(name: string): Blob {
    return Bun.file(this.path(name));
  }

  write(name: string, bytes: Uint8Array): void {
    const { rmSync, writeFileSync } = blockingFileSystem();
    const temporary = this.#drawName();
    const put = (): void => writeFileSync(temporary, bytes, { flag: "wx", mode: 0o644 });
    try {
      try {
        put();
      } catch (error) {
        if (!isMissing(error)) throw error;
        this.#makeAgain();
        put();
      }
      this.adopt(temporary, name);
    } catch (error) {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // What went wrong before says more.
        throw error;
      }
      throw error;
    }
  }

  /** Somebody may remove the whole store while it is in use. */
  #makeAgain(): void {
    const { mkdirSync } = blockingFileSystem();
    mkdirSync(this.#temporary.slice(0, this.#temporary.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    mkdirSync(this.#temporary, { recursive: true });
  }

  /** A new name for a file that is to be adopted, in a folder that is there. */
  temporary(): string {
    try {
      if (statOf(this.#temporary) === undefined) this.#makeAgain();
    } catch (error) {
      // Whoever makes the file hears of it.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
    return this.#drawName();
  }

  #drawName(): string {
    return `${this.#temporary}/${process.pid}-${drawNumber()}-${Math.trunc(performance.timeOrigin)}`;
  }

  /** Makes a finished temporary file the one of that name. */
  adopt(temporary: string, name: string): void {
    const { mkdirSync, renameSync } = blockingFileSystem();
    const path = this.path(name);
    try {
      renameSync(temporary, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      renameSync(temporary, path);
    }
  }

  remove(name: string): void {
    blockingFileSystem().rmSync(this.path(name), { force: true });
  }

  /** All files of one of the 256 folders. */
  shard(prefix: string): readonly NamedFile[] {
    const { readdirSync, statSync } = blockingFileSystem();
    const folder = `${this.#folder}/${prefix}`;
    let names: readonly string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    const found: NamedFile[] = [];
    for (const name of names) {
      if (!name.startsWith(prefix)) continue;
      const stat = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
      if (stat?.isFile() === true) found.push({ name, size: stat.size, usedMs: stat.mtimeMs });
    }
    return found;
  }
}

export interface NamedFile {
  readonly name: string;
  readonly size: number;
  /** Last use, to half an hour; milliseconds since 1970. */
  readonly usedMs: number;
}

/** `00` to `ff`. */
export const SHARDS: readonly string[] = Array.from({ length: 256 }, (_, index) =>
  index.toString(16).padStart(2, "0"),
);

/** Undefined also behind what is no folder, in a circle of links and where nobody may look: nothing is there to be read. */
function statOf(path: string): Stats | undefined {
  try {
    return blockingFileSystem().statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
