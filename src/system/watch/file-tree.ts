import type { Stats } from "node:fs";
import { blockingFileSystem } from "#system/runtime-modules";
import { hasChanged, isExecutable, stampOf } from "./file-stamp";
import type { FileStamp } from "./file-stamp";
import { filesFirst, namesIn, seenAt } from "./seen-entry";
import type { NamedEntry, Seen } from "./seen-entry";
import { wayOfLink } from "./way-of-link";

/** A folder that is followed. */
export interface FolderNode {
  readonly path: string;
  /** Tells it from another folder that has taken its name. */
  readonly identity: string;
  /** What tells each file that is no folder from what it was before, by name. */
  readonly files: Map<string, FileStamp>;
  readonly folders: Map<string, FolderNode>;
  /** Folders that are there and not followed. */
  readonly skipped: Set<string>;
}

export interface FileTreeOptions {
  readonly root: string;
  readonly follows: (folder: string) => boolean;
  /** Called with each file that has changed before `follows` is asked for the folders beside it: whether it decides. */
  readonly note?: (file: string) => boolean;
  /** Called before the content of a folder is read, so that nothing is missed between the two. */
  readonly attach: (node: FolderNode) => void;
  readonly detach: (node: FolderNode) => void;
  /** Called with the paths that a link to a file leads over, none where it is no link (any more). */
  readonly lead?: (node: FolderNode, name: string, way: readonly string[]) => void;
}

/** A write within this time may have the same time and size as the one before: file systems' clocks tick slowly. */
const CLOCK_TICK_MS = 20;
/** Stands in names for bytes that are no UTF-8. */
const UNREADABLE = "\uFFFD";
/** Larger files count as changed when their size or time has. */
const MOST_HASHED_BYTES = 1024 * 1024;

/**
 * What is known of the files below a folder. Every look compares with that and adds what differs to a list of changed
 * paths. It never fails: what can't be looked at is not there.
 */
export class FileTree {
  readonly #options: FileTreeOptions;
  readonly #byIdentity = new Map<string, FolderNode>();
  /** Of files that have changed: some programs write files as they were. */
  readonly #digests = new Map<string, number | bigint>();
  #root: FolderNode | undefined;
  /** When a file was last changed that decides what is followed. */
  #decidedAt = Infinity;
  #files = 0;

  constructor(options: FileTreeOptions) {
    this.#options = options;
  }

  get folders(): number {
    return this.#byIdentity.size;
  }

  get files(): number {
    return this.#files;
  }

  /** Reads the whole tree for the first time. */
  open(): void {
    const { root } = this.#options;
    const stats = seenAt(root, true)?.stats;
    if (stats?.isDirectory() === true) this.#root = this.#add(root, stats, {});
  }

  /**
   * Looks at entries of a folder of which something was said, or at such once more. Gives the names of those that are
   * gone or were written just now: more may follow that nothing is said of.
   */
  look(
    node: FolderNode,
    names: Iterable<string>,
    { isAgain, changed }: { readonly isAgain: boolean; readonly changed: Set<string> },
  ): readonly string[] {
    const unsettled: string[] = [];
    if (this.#byIdentity.get(node.identity) !== node) return unsettled;
    const found: NamedEntry[] = [];
    // First what has gone: a folder that was moved must be let go before it is met under its new name.
    for (const name of names) {
      const seen = seenAt(`${node.path}/${name}`);
      if (seen === undefined) {
        this.#forget(node, name, changed);
        unsettled.push(name);
        // A name that is no UTF-8 is told in a way by which the file can't be looked at.
        if (!isAgain && name.includes(UNREADABLE)) changed.add(`${node.path}/${name}`);
      } else found.push([name, seen]);
    }
    const why = isAgain ? "again" : "told";
    for (const [name, seen] of filesFirst(found)) {
      if (!seen.stats.isDirectory() && isFresh(seen.stats)) unsettled.push(name);
      this.#see(node, { name, ...seen, why }, changed);
    }
    return unsettled;
  }

  /** Looks at everything. Yields after each folder, for callers that have other things to do. */
  *scan(changed: Set<string>): Generator<void> {
    const { root } = this.#options;
    if (this.#root === undefined) {
      const stats = seenAt(root, true)?.stats;
      if (stats?.isDirectory() === true) this.#root = this.#add(root, stats, { changed });
      return;
    }
    const waiting = [this.#root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.#byIdentity.get(node.identity) !== node) continue;
      this.#scanFolder(node, changed);
      waiting.push(...node.folders.values());
      yield;
    }
  }

  #scanFolder(node: FolderNode, changed: Set<string>): void {
    const names = new Set(namesIn(node.path));
    for (const known of [...node.files.keys(), ...node.folders.keys(), ...node.skipped])
      if (!names.has(known)) this.#forget(node, known, changed);
    const found: NamedEntry[] = [];
    for (const name of names) {
      const seen = seenAt(`${node.path}/${name}`);
      if (seen === undefined) this.#forget(node, name, changed);
      else found.push([name, seen]);
    }
    for (const [name, seen] of filesFirst(found)) this.#see(node, { name, ...seen, why: "scan" }, changed);
  }

  #see(node: FolderNode, entry: Entry, changed: Set<string>): void {
    const { name, stats } = entry;
    if (stats.isDirectory()) this.#seeFolder(node, entry, changed);
    else {
      if (node.folders.has(name) || node.skipped.has(name)) this.#forget(node, name, changed);
      this.#seeFile(node, entry, changed);
    }
  }

  #seeFile(node: FolderNode, entry: Entry, changed: Set<string>): void {
    const { name, stats, why } = entry;
    const path = `${node.path}/${name}`;
    const way = entry.isLink ? wayOfLink(path) : undefined;
    const stamp = stampOf(stats, way);
    const known = node.files.get(name);
    if (way !== undefined || known?.way !== undefined) this.#options.lead?.(node, name, way ?? []);
    const isAsKnown = known !== undefined && !hasChanged(known, stamp);
    node.files.set(name, stamp);
    if (known === undefined) this.#files += 1;
    if (isAsKnown && !isDoubtful(entry)) return;
    // Of what is met in passing many files are never written again: only those that are get read.
    const isAsBefore = (known !== undefined || why !== "scan") && this.#isAsBefore(path, stats);
    if (known !== undefined && isAsBefore) return;
    changed.add(path);
    if (this.#options.note?.(path) === true) this.#decidedAt = stats.ctimeMs;
  }

  /** Whether a file's content is the one that it had when it was last seen to change. */
  #isAsBefore(path: string, stats: Stats): boolean {
    const before = this.#digests.get(path);
    const digest = stats.isFile() && stats.size <= MOST_HASHED_BYTES ? digestOf(path, stats) : undefined;
    if (digest === undefined) this.#digests.delete(path);
    else this.#digests.set(path, digest);
    return digest !== undefined && digest === before;
  }

  #seeFolder(node: FolderNode, { name, stats, why }: Entry, changed: Set<string>): void {
    const path = `${node.path}/${name}`;
    const known = node.folders.get(name);
    const isFollowed = this.#options.follows(path);
    if (known !== undefined && isFollowed && known.identity === identityOf(stats)) {
      // File systems give the number of a folder that was removed to the next one that is made.
      if (why !== "scan") this.#followAgain(known, changed);
      return;
    }
    const wasThere = known !== undefined || node.skipped.has(name);
    if (known !== undefined) this.#drop(known, isFollowed ? changed : undefined);
    if (node.files.has(name)) this.#forget(node, name, changed);
    node.folders.delete(name);
    node.skipped.delete(name);
    if (!isFollowed) node.skipped.add(name);
    else
      node.folders.set(name, this.#add(path, stats, { changed, wasThere: wasThere && known === undefined }));
  }

  /** Looks at a folder and all below it, and has each told of anew: they may be other ones than before. */
  #followAgain(top: FolderNode, changed: Set<string>): void {
    const waiting = [top];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.#byIdentity.get(node.identity) !== node) continue;
      this.#options.detach(node);
      this.#options.attach(node);
      this.#scanFolder(node, changed);
      waiting.push(...node.folders.values());
    }
  }

  /**
   * Reads a folder and all below it. Without a list of changes nothing of it is news.
   *
   * @param wasThere it is only now of interest: what has changed in it since that was decided is news, the rest is not
   */
  #add(
    path: string,
    stats: Stats,
    { changed, wasThere = false }: { readonly changed?: Set<string>; readonly wasThere?: boolean },
  ): FolderNode {
    const identity = identityOf(stats);
    const top: FolderNode = { path, identity, files: new Map(), folders: new Map(), skipped: new Set() };
    const waiting = [top];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      // A folder that was moved and whose leaving has not been told yet.
      const elsewhere = this.#byIdentity.get(node.identity);
      if (elsewhere !== undefined) this.#drop(elsewhere, changed);
      this.#byIdentity.set(node.identity, node);
      this.#options.attach(node);
      const found = namesIn(node.path).flatMap((name): NamedEntry[] => {
        const seen = seenAt(`${node.path}/${name}`);
        return seen === undefined ? [] : [[name, seen]];
      });
      for (const [name, inner] of filesFirst(found)) {
        if (!inner.stats.isDirectory())
          this.#seeFile(
            node,
            { name, ...inner, why: "scan" },
            (wasThere && inner.stats.ctimeMs < this.#decidedAt ? undefined : changed) ?? new Set(),
          );
        else if (!this.#options.follows(`${node.path}/${name}`)) node.skipped.add(name);
        else {
          const child: FolderNode = {
            path: `${node.path}/${name}`,
            identity: identityOf(inner.stats),
            files: new Map(),
            folders: new Map(),
            skipped: new Set(),
          };
          node.folders.set(name, child);
          waiting.push(child);
        }
      }
    }
    return top;
  }

  #forget(node: FolderNode, name: string, changed: Set<string>): void {
    const folder = node.folders.get(name);
    if (folder !== undefined) {
      this.#drop(folder, changed);
      node.folders.delete(name);
    }
    node.skipped.delete(name);
    const known = node.files.get(name);
    if (known === undefined) return;
    node.files.delete(name);
    if (known.way !== undefined) this.#options.lead?.(node, name, []);
    this.#files -= 1;
    this.#digests.delete(`${node.path}/${name}`);
    changed.add(`${node.path}/${name}`);
    this.#options.note?.(`${node.path}/${name}`);
  }

  #drop(top: FolderNode, changed: Set<string> | undefined): void {
    const waiting = [top];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.#byIdentity.get(node.identity) === node) {
        this.#byIdentity.delete(node.identity);
        this.#options.detach(node);
        this.#files -= node.files.size;
        for (const name of node.files.keys()) changed?.add(`${node.path}/${name}`);
      }
      waiting.push(...node.folders.values());
    }
  }
}

interface Entry extends Seen {
  readonly name: string;
  /** The system has said that something happened to it, or did so a moment ago; or it is looked at with all others. */
  readonly why: "told" | "again" | "scan";
}

const isFresh = ({ mtimeMs }: Stats): boolean => Date.now() - mtimeMs < CLOCK_TICK_MS;

/** Whether a file may have been written though its size and time are the same. Only of what can be read it can be told twice. */
const isDoubtful = ({ stats, why }: Entry): boolean =>
  (why === "told" || (why === "again" && stats.size <= MOST_HASHED_BYTES)) && isFresh(stats);

const identityOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/** Of the content, and of whether it is a program. */
function digestOf(path: string, stats: Stats): number | bigint | undefined {
  try {
    return Bun.hash(blockingFileSystem().readFileSync(path), isExecutable(stats) ? 1 : 0);
  } catch {
    return undefined;
  }
}
