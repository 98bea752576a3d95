import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { blockingFileSystem } from "#system/runtime-modules";
import { FileTree } from "./file-tree";
import type { FolderNode } from "./file-tree";
import { LinkTargets } from "./link-targets";
import type { Watcher, WatcherOptions } from "./watcher";

/** The system does not tell of changes (any more). */
export interface NativeFailure {
  /** Its error code. */
  readonly code: string;
  /** What was known until then, for whoever goes on. */
  readonly tree: FileTree;
}

export interface NativeWatcherOptions extends Omit<WatcherOptions, "pollMs"> {
  /** Later on the system has no room for more: what has been told until then is all. */
  readonly fail: (failure: NativeFailure) => void;
}

/** Errors of a folder that is gone or that may not be read: it is followed by its parent alone. */
const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP"]);

/**
 * Is told of changes by the system (inotify, kqueue, ReadDirectoryChangesW), with one watch a folder: what is not of
 * interest costs nothing. Fails where the system has no room for so many.
 */
export function openNativeWatcher(options: NativeWatcherOptions): Result<Watcher, NativeFailure> {
  const watcher = new NativeWatcher(options);
  const failure = watcher.open();
  return failure === undefined ? ok(watcher) : err(failure);
}

/** Longer than the runtime keeps quiet of a name that it has told of. */
const AGAIN_MS = 5;

class NativeWatcher implements Watcher {
  readonly #options: NativeWatcherOptions;
  readonly #tree: FileTree;
  readonly #handles = new Map<FolderNode, Disposable>();
  readonly #links: LinkTargets;
  /** Names of which something was said, to be looked at in one go. */
  #told = new Map<FolderNode, Set<string>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Looks at what has gone or was being written, which may have gone on unheard. */
  readonly #again = new Set<ReturnType<typeof setTimeout>>();
  #hasOverflowed = false;
  #failure: string | undefined;
  #isOpen = false;

  constructor(options: NativeWatcherOptions) {
    this.#options = options;
    this.#links = new LinkTargets({
      watch: (folder, hear) => this.#watch(folder, hear),
      hear: (node, name) => this.#hear(node, name),
    });
    this.#tree = new FileTree({
      root: options.root,
      follows: options.follows,
      ...(options.note === undefined ? {} : { note: options.note }),
      attach: (node) => this.#attach(node),
      detach: (node) => this.#detach(node),
      lead: (node, name, way) => this.#links.lead(node, name, way),
    });
  }

  get folders(): number {
    return this.#tree.folders;
  }

  get files(): number {
    return this.#tree.files;
  }

  open(): NativeFailure | undefined {
    this.#tree.open();
    this.#isOpen = this.#failure === undefined;
    return this.#failure === undefined ? undefined : this.#giveUp(this.#failure);
  }

  refollow(): void {
    this.#hasOverflowed = true;
    this.#lookSoon();
  }

  [Symbol.dispose](): void {
    this.#giveUp("");
  }

  #giveUp(code: string): NativeFailure {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    for (const timer of this.#again) clearTimeout(timer);
    for (const handle of this.#handles.values()) handle[Symbol.dispose]();
    this.#handles.clear();
    this.#links[Symbol.dispose]();
    return { code, tree: this.#tree };
  }

  #attach(node: FolderNode): void {
    const handle = this.#watch(node.path, (name) => this.#hear(node, name));
    if (handle !== undefined) this.#handles.set(node, handle);
  }

  #watch(folder: string, hear: (name: string | null) => void): Disposable | undefined {
    if (this.#failure !== undefined) return undefined;
    try {
      const handle = blockingFileSystem().watch(folder, (_event, name) => hear(name));
      handle.on("error", (error) => this.#failed(error));
      return { [Symbol.dispose]: () => handle.close() };
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #detach(node: FolderNode): void {
    this.#handles.get(node)?.[Symbol.dispose]();
    this.#handles.delete(node);
    this.#links.leave(node);
    this.#told.delete(node);
  }

  #failed(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (NOT_THERE.has(code) || this.#failure !== undefined) return;
    this.#failure = code;
    // Not at once: this may be in the middle of a look.
    if (this.#isOpen) setTimeout(() => this.#isOpen && this.#options.fail(this.#giveUp(code)), 0);
  }

  #hear(node: FolderNode, name: string | null): void {
    // Without a name: the system's queue was full, and something has been lost.
    if (name === null) this.#hasOverflowed = true;
    else {
      const names = this.#told.get(node);
      if (names === undefined) this.#told.set(node, new Set([name]));
      else names.add(name);
    }
    this.#lookSoon();
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => this.#look(), 0);
  }

  /** The runtime tells of a name once in a millisecond: what more happens to it in the same one would never be heard of. */
  #lookAgain(node: FolderNode, names: readonly string[]): void {
    const timer = setTimeout(() => {
      this.#again.delete(timer);
      const changed = new Set<string>();
      this.#tree.look(node, names, { isAgain: true, changed });
      this.#tell(changed);
    }, AGAIN_MS);
    this.#again.add(timer);
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#isOpen) return;
    const told = this.#told;
    this.#told = new Map();
    const changed = new Set<string>();
    if (this.#hasOverflowed) {
      this.#hasOverflowed = false;
      for (const _ of this.#tree.scan(changed));
    }
    for (const [node, names] of told) {
      const unsettled = this.#tree.look(node, names, { isAgain: false, changed });
      if (unsettled.length > 0) this.#lookAgain(node, unsettled);
    }
    this.#tell(changed);
  }

  #tell(changed: ReadonlySet<string>): void {
    if (changed.size > 0) this.#options.hear({ type: "changed", paths: [...changed] });
  }
}
