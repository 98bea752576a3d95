import { drawNumber } from "#system/fs/draw-number";
import { appendToFile } from "#system/fs/append-to-file";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { looksThere } from "#system/fs/is-there-at-once";
import { readBytesAtOnce } from "#system/fs/read-at-once";
import { removeFile } from "#system/cas/place-output";
import { isRunning, ownPid } from "#system/process/is-running";

/*
 * Two runs of one checkout may be at work on the same outputs at once. What lies there then may be half of what one of
 * them writes, and must not be stored as the result of the other. For each instance that is at work there is a file
 * `.zr/cache/work/…` with a line for everybody who has been at work meanwhile: `+` and a name when they begin, `-` and the
 * name when they end. Only a hint: where it can't be written, nobody is known to be there.
 */

/** What this run is at work on, and whether others are too. */
export class WorkMarks {
  readonly #state: string;
  readonly #own = new Map<string, string>();

  /** @param root of the workspace, absolute. */
  constructor(root: string) {
    this.#state = `${root}/.zr`;
  }

  /** Says that an instance is being worked on from now on. */
  async begin(id: string): Promise<void> {
    const path = this.#path(id);
    const found = linesOf(path);
    // What a run has left that was killed.
    if (found !== undefined && !isAnyAtWork(found)) removeQuietly(path);
    const name = `${ownPid()}-${drawNumber()}`;
    try {
      if (!appendToFile(path, `+${name}\n`)) {
        await ensurePrivateFolder(`${this.#state}/cache/work`, this.#state);
        appendToFile(path, `+${name}\n`);
      }
      this.#own.set(id, name);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  /** Says that the outputs of an instance are changed at once: for who may be at work on it. */
  touch(id: string): void {
    const path = this.#path(id);
    if (this.#own.has(id) || looksThere(path) !== true) return;
    const name = `${ownPid()}-${drawNumber()}`;
    try {
      appendToFile(path, `+${name}\n-${name}\n`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  /** Whether nobody else has worked on an instance since it was begun. */
  isAlone(id: string): boolean {
    const name = this.#own.get(id);
    return name === undefined || linesOf(this.#path(id))?.join() === `+${name}`;
  }

  end(id: string): void {
    const name = this.#own.get(id);
    if (name === undefined) return;
    this.#own.delete(id);
    const path = this.#path(id);
    const others = linesOf(path)?.filter((line) => line !== `+${name}`) ?? [];
    try {
      if (isAnyAtWork(others)) appendToFile(path, `-${name}\n`);
      else removeFile(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  endAll(): void {
    for (const id of this.#own.keys()) this.end(id);
  }

  #path(id: string): string {
    return `${this.#state}/cache/work/${new Bun.CryptoHasher("sha256").update(id).digest("hex").slice(0, 32)}`;
  }
}

/** Undefined where there is no such file. */
function linesOf(path: string): readonly string[] | undefined {
  try {
    const text = new TextDecoder().decode(readBytesAtOnce(path));
    return text.split("\n").filter((line) => line !== "");
  } catch {
    return undefined;
  }
}

function isAnyAtWork(lines: readonly string[]): boolean {
  const ended = new Set(lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1)));
  return lines.some(
    (line) =>
      line.startsWith("+") && !ended.has(line.slice(1)) && isRunning(Number(/^\d+/.exec(line.slice(1)))),
  );
}

function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
