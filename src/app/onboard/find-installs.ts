import { relativeTo, resolveFrom, isInside } from "#base/path";
import type { DepsEntry, StepOptions } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import { ReadFolder } from "#languages/folder-files";
import { languageProviders } from "#languages/index";
import type { FolderFiles } from "#languages/language-provider";
import { ProviderFiles } from "#languages/provider-files";
import { namesIn } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";

/** What fetches the dependencies of something. */
export interface Installation {
  /** Folder to run in, absolute. */
  readonly dir: string;
  /** From the root; `.` for the root. */
  readonly path: string;
  /** Programs with their arguments, or one text for the shell. */
  readonly cmds: readonly (readonly string[])[] | string;
  /** As it is shown. */
  readonly label: string;
  /** Globs in `dir` of the files that say what is fetched. */
  readonly reads: readonly string[];
  /** In `dir`, what is left there. */
  readonly makes: readonly string[];
  readonly options: StepOptions;
}

const NO_OPTIONS: StepOptions = { optional: false };

/**
 * All that is to be installed: by the languages of each package, as `[setup.deps]` has it otherwise. What several
 * packages share, as the members of one lock file, is there once.
 */
export async function findInstallations(
  { root, packages }: Workspace,
  entries: readonly DepsEntry[],
): Promise<readonly Installation[]> {
  const reader = new FolderReader(root);
  const rootFolder = await reader.read(root);
  const found = new Map<string, Installation>();
  const add = async (dir: string): Promise<void> => {
    for (const one of await reader.installs(await reader.read(dir), rootFolder))
      found.set(`${one.dir}\0${one.label}`, one);
  };
  for (const { dir } of packages.values()) await add(dir);
  for (const { path, cmd, options } of entries) {
    const dir = resolveFrom(root, path);
    if (cmd === undefined) {
      await add(dir);
      for (const [key, one] of found) if (one.dir === dir) found.set(key, { ...one, options });
      continue;
    }
    for (const [key, one] of found) if (one.dir === dir) found.delete(key);
    if (cmd === false) continue;
    const reads = options.inputs ?? (await reader.manifests(dir));
    const own = { dir, path: relativeTo(root, dir), cmds: cmd, label: cmd, reads, makes: [], options };
    found.set(`${dir}\0${cmd}`, own);
  }
  return [...found.values()].sort((a, b) => (a.dir < b.dir ? -1 : a.dir > b.dir ? 1 : 0));
}

class FolderReader {
  readonly #root: string;
  readonly #files = new ProviderFiles(languageProviders);
  readonly #folders = new Map<string, Promise<FolderFiles>>();

  constructor(root: string) {
    this.#root = root;
  }

  read(dir: string): Promise<FolderFiles> {
    let folder = this.#folders.get(dir);
    if (folder === undefined) this.#folders.set(dir, (folder = this.#read(dir)));
    return folder;
  }

  async #read(dir: string): Promise<FolderFiles> {
    const names = new Set(await namesIn(dir));
    const texts = new Map<string, string>();
    for (const name of names) {
      const role = this.#files.roleOf(name);
      if (role === undefined || role === "mark") continue;
      const read = await readText(`${dir}/${name}`);
      if (read.kind === "text") texts.set(name, read.text);
    }
    return new ReadFolder({ dir, path: relativeTo(this.#root, dir) }, { names, texts }, () => undefined);
  }

  /** What the languages of a folder say. */
  async installs(folder: FolderFiles, root: FolderFiles): Promise<readonly Installation[]> {
    const installs: Installation[] = [];
    for (const provider of languageProviders) {
      const project = await provider.project?.();
      const install = project?.install?.(folder, root);
      // A manifest is the work of others: what it leads to stays in the workspace.
      if (install === undefined || !isInside(this.#root, install.cwd)) continue;
      const { cmds, cwd, reads, makes } = install;
      installs.push({
        dir: cwd,
        path: relativeTo(this.#root, cwd),
        cmds,
        label: cmds.map((words) => words.join(" ")).join(" && "),
        reads: reads.map(literally),
        makes,
        options: NO_OPTIONS,
      });
    }
    return installs;
  }

  /** Names of the files in a folder that some language knows. */
  async manifests(dir: string): Promise<readonly string[]> {
    const { names } = await this.read(dir);
    return [...names].filter((name) => this.#files.roleOf(name) !== undefined).map(literally);
  }
}

/** A name as a glob that matches nothing else. */
const literally = (name: string): string => name.replaceAll(/[\\*?[\]{}!]/g, "\\$&");
