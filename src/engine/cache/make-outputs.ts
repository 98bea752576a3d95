import { isInside } from "#base/path";
import type { StoredOutput } from "#core/model/cache";
import { Breather } from "#system/cas/breather";
import {
  makeFolder,
  placeBytes,
  placeLink,
  removeEmptyFolder,
  removeFile,
  setMode,
} from "#system/cas/place-output";
import type { StoredBlob } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import type { LocalStore } from "./local-store";
import { reasonOf } from "./local-store";

/** An output that has to be made, or made differently. */
export interface WantedOutput {
  readonly output: StoredOutput;
  /** Absolute. */
  readonly path: string;
  /** False where only its mode is wrong. */
  readonly isContent: boolean;
  /** Where its content lies; nothing where it has none, or the entry does not know it. */
  readonly blob?: StoredBlob | undefined;
}

/** What is to be done in a checkout, as plain data: it may be done in another thread. Paths are absolute. */
export interface OutputWork {
  /** Of the local store, which has all the contents. */
  readonly store: string;
  readonly place: Pick<OutputPlace, "packageDir" | "root">;
  /** Files and links to remove first, then folders that may be empty by then. */
  readonly stale: readonly string[];
  readonly emptied: readonly string[];
  readonly wanted: readonly WantedOutput[];
}

/** Why it can't be done, as the end of a sentence. It is the entry's fault with `damaged` only. */
export interface MakeProblem {
  readonly kind: "damaged" | "impossible";
  readonly why: string;
}

const EMPTY = new Uint8Array(0);
/** Of the checkout: the entry is as good as it was. */
const IN_ITS_WAY: MakeProblem = { kind: "impossible", why: "something else is in its way" };
const LOST: MakeProblem = { kind: "damaged", why: "its content is damaged or gone" };

/** Makes outputs of contents that are in the store. Never throws for what the system says. */
export async function makeOutputs(work: OutputWork, store: LocalStore): Promise<MakeProblem | undefined> {
  try {
    return await new Making(work, store).run();
  } catch (error) {
    return { kind: "impossible", why: reasonOf(error) };
  }
}

class Making {
  readonly #work: OutputWork;
  readonly #store: LocalStore;
  readonly #breather = new Breather();
  /** Folders that are there and no links. */
  readonly #ready = new Set<string>();

  constructor(work: OutputWork, store: LocalStore) {
    this.#work = work;
    this.#store = store;
  }

  async run(): Promise<MakeProblem | undefined> {
    const { stale, emptied, wanted } = this.#work;
    for (const path of stale) removeFile(path);
    for (const path of emptied) removeEmptyFolder(path);
    for (const one of wanted) {
      if (this.#breather.isDue) await this.#breather.rest();
      const problem = await this.#make(one);
      if (problem !== undefined) return { ...problem, why: `${one.output.path}: ${problem.why}` };
    }
    return undefined;
  }

  async #make({ output, path, isContent, blob }: WantedOutput): Promise<MakeProblem | undefined> {
    const { kind, mode, digest, target } = output;
    if (!isContent) {
      setMode(path, mode);
      return undefined;
    }
    if (!this.#prepare(path.slice(0, path.lastIndexOf("/")))) return IN_ITS_WAY;
    if (kind === "folder") {
      // What has its name is an old output: it stands under the same path.
      if (!makeFolder(path)) removeFile(path);
      if (!makeFolder(path)) return IN_ITS_WAY;
      setMode(path, mode);
    } else if (kind === "symlink") placeLink(path, target ?? "");
    else if (output.size === 0) placeBytes(path, EMPTY, mode);
    else if (blob === undefined || !(await this.#store.place(digest, blob, { path, mode }))) return LOST;
    return undefined;
  }

  /** Makes the folders on the way, none of which may be a link. */
  #prepare(folder: string): boolean {
    if (this.#ready.has(folder)) return true;
    const { packageDir, root } = this.#work.place;
    // How the package itself is reached is the user's affair.
    const isStart = folder === packageDir || folder === root;
    if (!isStart) {
      if (!isInside(root, folder)) return false;
      if (!this.#prepare(folder.slice(0, folder.lastIndexOf("/"))) || !makeFolder(folder)) return false;
    }
    this.#ready.add(folder);
    return true;
  }
}
