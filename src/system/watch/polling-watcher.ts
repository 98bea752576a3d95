import { FileTree } from "./file-tree";
import type { Watcher, WatcherOptions } from "./watcher";

/** Folders that are looked at before others get their turn. */
const FOLDERS_AT_ONCE = 32;

/**
 * Looks at all files, waits, and looks again: for file systems that tell nothing.
 *
 * @param known what a watcher before this one knew; what has changed since is told at once
 */
export function openPollingWatcher(options: WatcherOptions, known?: FileTree): Watcher {
  return new PollingWatcher(options, known);
}

class PollingWatcher implements Watcher {
  readonly #options: WatcherOptions;
  readonly #tree: FileTree;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #isLooking = false;
  #isDirty = false;

  constructor(options: WatcherOptions, known: FileTree | undefined) {
    this.#options = options;
    this.#tree = known ?? unattachedTree(options);
    if (known === undefined) this.#tree.open();
    this.#wait(known === undefined ? options.pollMs : 0);
  }

  get folders(): number {
    return this.#tree.folders;
  }

  get files(): number {
    return this.#tree.files;
  }

  refollow(): void {
    if (this.#isLooking) this.#isDirty = true;
    else this.#wait(0);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const changed = new Set<string>();
    let folders = 0;
    for (const _ of this.#tree.scan(changed)) {
      folders += 1;
      if (folders % FOLDERS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.#isClosed) return;
    }
    this.#isLooking = false;
    if (changed.size > 0) this.#options.hear({ type: "changed", paths: [...changed] });
    this.#wait(this.#isDirty ? 0 : this.#options.pollMs);
    this.#isDirty = false;
  }
}

const unattachedTree = ({ root, follows, note }: WatcherOptions): FileTree =>
  new FileTree({
    root,
    follows,
    ...(note === undefined ? {} : { note }),
    attach: () => undefined,
    detach: () => undefined,
  });
