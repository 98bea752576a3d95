import type { FileTree } from "./file-tree";
import { networkFileSystem } from "./network-file-system";
import { openNativeWatcher } from "./native-watcher";
import { openPollingWatcher } from "./polling-watcher";
import type { PollingReason, Watcher, WatcherOptions } from "./watcher";

export interface OpenWatcherOptions extends WatcherOptions {
  /** Look at the files whatever the system could do. */
  readonly polls: boolean;
  /** Parts that tests replace. */
  readonly parts?: Partial<WatcherParts>;
}

export interface WatcherParts {
  readonly native: typeof openNativeWatcher;
  readonly networkFileSystem: typeof networkFileSystem;
}

/**
 * Follows a tree: told by the system where that is possible, else by looking at the files again and again, which is
 * reported. When the system runs out of room later on, nothing is lost: looking begins with a comparison.
 */
export async function openWatcher(options: OpenWatcherOptions): Promise<Watcher> {
  const { hear, pollMs, root } = options;
  const parts: WatcherParts = { native: openNativeWatcher, networkFileSystem, ...options.parts };
  const poll = (reason: PollingReason, known?: FileTree): Watcher => {
    hear({ type: "polling", reason, intervalMs: pollMs });
    return openPollingWatcher(options, known);
  };
  if (options.polls) return poll({ kind: "asked" });
  const network = await parts.networkFileSystem(root);
  if (network !== undefined) return poll({ kind: "network", fileSystem: network });
  let current: Watcher | undefined;
  let isClosed = false;
  const opened = parts.native({
    root,
    follows: options.follows,
    ...(options.note === undefined ? {} : { note: options.note }),
    hear,
    fail: ({ code, tree }) => {
      if (!isClosed) current = poll({ kind: "limit", code }, tree);
    },
  });
  if (!opened.ok) return poll({ kind: "limit", code: opened.error.code }, opened.error.tree);
  current = opened.value;
  return {
    get folders() {
      return current?.folders ?? 0;
    },
    get files() {
      return current?.files ?? 0;
    },
    refollow: () => current?.refollow(),
    [Symbol.dispose]() {
      isClosed = true;
      current?.[Symbol.dispose]();
    },
  };
}
