import { basename, dirname, isInside } from "#base/path";
import { DEFAULT_POLL_MS } from "#core/watch/watch-settings";
import { openWatcher } from "#system/watch/open-watcher";
import { loadWorkspace } from "#app/load-workspace";
import type { CallSetting } from "./call-operation";
import { loadOptions } from "./workspace-load";

/** What has changed on the disk. */
export interface WorkspaceNews {
  /** Files of the configuration, or ones that may now be part of it. */
  readonly config: boolean;
  /** The records of runs. */
  readonly runs: boolean;
}

/** What of the tree matters, as the configuration is now. */
interface Followed {
  readonly root: string;
  /** Every file that was read, manifests too. */
  readonly files: ReadonlySet<string>;
  /** Folders that lead to one of the files, and those that hold one. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Follows the configuration of a workspace and the records of its runs until it is disposed of. Where the configuration
 * can't be read at the moment, the folder that is asked from is followed.
 */
export async function watchWorkspace(
  setting: CallSetting,
  hear: (news: WorkspaceNews) => void,
): Promise<Disposable> {
  let followed = await followedOf(setting);
  const { root } = followed;
  const watcher = await openWatcher({
    root,
    polls: false,
    pollMs: DEFAULT_POLL_MS,
    follows: (folder) => follows(folder, followed),
    hear: (report) => {
      if (report.type !== "changed") return;
      const runs = report.paths.some((path) => isInside(`${root}/.zr/history/inbox`, path));
      const config = report.paths.some((path) => isConfig(path, followed));
      if (config) void renew();
      if (runs || config) hear({ runs, config });
    },
  });
  async function renew(): Promise<void> {
    const next = await followedOf(setting);
    if (next.root !== root) return;
    followed = next;
    watcher.refollow();
  }
  return watcher;
}

async function followedOf(setting: CallSetting): Promise<Followed> {
  const loaded = await loadWorkspace(loadOptions(setting));
  const texts = loaded.ok ? loaded.value.texts : loaded.error.texts;
  const root = loaded.ok ? loaded.value.workspace.root : setting.cwd;
  const folders = new Set([root]);
  for (const path of texts.keys())
    for (let folder = dirname(path); isInside(root, folder) && !folders.has(folder); folder = dirname(folder))
      folders.add(folder);
  return { root, files: new Set(texts.keys()), folders };
}

/** Names of folders that hold what others have made; there may be very many of them. */
const FOREIGN = new Set(["node_modules", "target", "dist", "build", "vendor"]);

function follows(folder: string, { root, folders }: Followed): boolean {
  if (isInside(`${root}/.zr`, folder)) return isInside(folder, `${root}/.zr/history/inbox`);
  if (folders.has(folder)) return true;
  // Where packages lie, another one may come.
  const name = basename(folder);
  return folders.has(dirname(folder)) && !name.startsWith(".") && !FOREIGN.has(name);
}

const isConfig = (path: string, { root, files }: Followed): boolean =>
  !isInside(`${root}/.zr`, path) && (files.has(path) || /\/zr(?:\.local)?\.toml$/.test(path));
