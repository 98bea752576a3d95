import { jsonOf } from "#base/json-of";
import { isTable } from "#base/value-at";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

/** What is remembered of a unit that was done. */
export interface DoneUnit {
  /** Of everything that it depends on. */
  readonly digest: string;
  /** Paths that it left, absolute: when one is gone, it has to be done again. */
  readonly made: readonly string[];
}

const FORMAT = 1;

/**
 * What `zr setup` has done in a working copy: a file in its state folder, written after each unit, so that a setup that
 * ends early goes on where it was.
 */
export class SetupState {
  readonly #root: string;
  readonly #units: Map<string, DoneUnit>;
  #writing: Promise<Result<void, string>> = Promise.resolve(ok(undefined));

  private constructor(root: string, units: Map<string, DoneUnit>) {
    this.#root = root;
    this.#units = units;
  }

  /** A file that is not there, or not as it was written, says that nothing has been done. */
  static async read(root: string): Promise<SetupState> {
    const read = await readText(statePath(root));
    return new SetupState(root, read.kind === "text" ? unitsOf(read.text) : new Map());
  }

  get(unit: string): DoneUnit | undefined {
    return this.#units.get(unit);
  }

  /** Notes that a unit is done, or with undefined that it is not. Gives the system's reason where it can't. */
  set(unit: string, done: DoneUnit | undefined): Promise<Result<void, string>> {
    if (done === undefined) {
      if (!this.#units.delete(unit)) return Promise.resolve(ok(undefined));
    } else this.#units.set(unit, done);
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<Result<void, string>> {
    try {
      await ensurePrivateFolder(stateFolder(this.#root), `${this.#root}/.zr`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return err(error.message);
    }
    const units = Object.fromEntries([...this.#units].sort(([a], [b]) => (a < b ? -1 : 1)));
    return writeFileAtomically(
      statePath(this.#root),
      `${JSON.stringify({ format: FORMAT, units }, undefined, 2)}\n`,
      0o600,
    );
  }
}

const stateFolder = (root: string): string => `${root}/.zr/setup`;
const statePath = (root: string): string => `${stateFolder(root)}/done.json`;
/** The file by which one setup of a working copy keeps another one waiting. */
export const setupLock = (root: string): string => `${stateFolder(root)}/lock`;

function unitsOf(text: string): Map<string, DoneUnit> {
  const units = new Map<string, DoneUnit>();
  const value = jsonOf(text);
  if (!isTable(value) || value["format"] !== FORMAT || !isTable(value["units"])) return units;
  for (const [id, unit] of Object.entries(value["units"])) {
    if (!isTable(unit)) continue;
    const { digest, made } = unit;
    if (typeof digest !== "string" || !Array.isArray(made)) continue;
    units.set(id, { digest, made: made.filter((path) => typeof path === "string") });
  }
  return units;
}
