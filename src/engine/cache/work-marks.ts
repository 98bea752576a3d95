import { drawNumber } from "#system/fs/draw-number";
import { appendToFile } from "#system/fs/append-to-file";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { looksThere } from "#system/fs/is-there-at-once";
import { readBytesAtOnce } from "#system/fs/read-at-once";
import { removeQuietly } from "#system/fs/file-entry";
import { isAlive, thisProcess } from "#system/process/process-identity";

/*
 * Two runs of one checkout may be at work on the same outputs at once. What lies there then may be half of what one of
 * them writes, and must not be stored as the result of the other. For each instance that is at work there is a file
 * `.zr/cache/marks/…` with a line for everybody who has been at work meanwhile: `+` and a name when they begin, `-` and the
 * name when they end. A name begins with who it is: a number of a process, and when that started. Only a hint: where it can't be written, nobody is known to be there.
 */

/** What this run is at work on, and whether others are too. */
export class WorkMarks {
  readonly #state: string;
  readonly #own = new Map<string, string>();
  #self: Promise<string> | undefined;

  /** @param root of the workspace, absolute. */
  constructor(root: string) {
    this.#state = `${root}/.zr`;
  }

  /** Says that an instance is being worked on from now on. */
  async begin(id: string): Promise<void> {
    const path = this.#path(id);
    const found = linesOf(path);
    // What a run has left that was killed.
    if (found !== undefined && !(await isAnyAtWork(found))) removeQuietly(path);
    const name = `${await (this.#self ??= ownName())}-${drawNumber()}`;
    try {
      if (!appendToFile(path, `+${name}\n`)) {
        await ensurePrivateFolder(`${this.#state}/cache/marks`, this.#state);
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
    const name = `touched-${drawNumber()}`;
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
    // One that was killed is found out by whoever begins next.
    if (openOf(others).length === 0) return removeQuietly(path);
    try {
      appendToFile(path, `-${name}\n`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  endAll(): void {
    for (const id of this.#own.keys()) this.end(id);
  }

  #path(id: string): string {
    return `${this.#state}/cache/marks/${new Bun.CryptoHasher("sha256").update(id).digest("hex").slice(0, 32)}`;
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

/** Names of those who have begun and not ended. */
function openOf(lines: readonly string[]): readonly string[] {
  const ended = new Set(lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1)));
  return lines.flatMap((line) => (line.startsWith("+") && !ended.has(line.slice(1)) ? line.slice(1) : []));
}

async function isAnyAtWork(lines: readonly string[]): Promise<boolean> {
  for (const name of openOf(lines)) {
    const [pid = "", started = ""] = name.split("-");
    if (started !== "" && (await isAlive({ pid: Number(pid), started }))) return true;
  }
  return false;
}

async function ownName(): Promise<string> {
  const { pid, started } = await thisProcess();
  return `${pid}-${started}`;
}
