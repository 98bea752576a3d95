/** What a watcher tells. Paths are absolute, with `/` between their parts. */
export type WatchReport =
  /** Files that are new, gone, or of another size or time than before. Folders are never among them. */
  | { readonly type: "changed"; readonly paths: readonly string[] }
  /** The system does not tell of changes (any more): from now on the files are looked at every so often. */
  | { readonly type: "polling"; readonly reason: PollingReason; readonly intervalMs: number };

export type PollingReason =
  | { readonly kind: "asked" }
  /** The system has no room for more watches: its error code. */
  | { readonly kind: "limit"; readonly code: string }
  /** Other machines change the files, which nobody tells this one. */
  | { readonly kind: "network"; readonly fileSystem: string };

export interface WatcherOptions {
  /** Absolute; it has to exist, and its own links have been followed. */
  readonly root: string;
  /** Whether what lies in a folder is of interest. Asked again on every look and by `refollow`. */
  readonly follows: (folder: string) => boolean;
  /**
   * Called with each file that has changed, before `follows` is asked for the folders beside it. Gives whether it is one
   * that decides about those. Must not throw.
   */
  readonly note?: (file: string) => boolean;
  /** Called with what has changed since the watcher was opened; must not throw. */
  readonly hear: (report: WatchReport) => void;
  readonly pollMs: number;
}

/** Follows the files of a tree. Links to files are followed, links to folders are not. */
export interface Watcher extends Disposable {
  /** Folders that are followed now. */
  readonly folders: number;
  readonly files: number;
  /** Looks at everything again, by what `follows` says now: tells what has changed meanwhile, not what it now has to see. */
  readonly refollow: () => void;
}
