import { err } from "#base/result";
import type { Result } from "#base/result";
import type { RunId } from "#core/model/ids";

/**
 * `.zr/run/<id>`: what a run needs on disk while it lives (scripts, spools, sockets). It is made when something is first
 * put there and removed at the end; what a dead run left behind is removed by a later one.
 */
export class RunFolder {
  readonly #root: string;
  readonly #id: RunId;
  #made: Promise<string | undefined> | undefined;

  constructor(root: string, id: RunId) {
    this.#root = root;
    this.#id = id;
  }

  /** `.zr` of the workspace: what outlives a run. It exists once `path` is settled, where it can be made. */
  get stateFolder(): string {
    return `${this.#root}/.zr`;
  }

  /** Absolute path of the folder, which is there once this is settled; undefined where no place takes one. */
  path(): Promise<string | undefined> {
    this.#made ??= this.#make();
    return this.#made;
  }

  /** Writes a file that only this user may read; the reason where that can't be done. */
  async write(name: string, text: string): Promise<Result<void, string>> {
    const { writePrivateFile } = await import("#system/fs/run-files");
    const path = await this.path();
    return path === undefined ? err(NO_PLACE) : writePrivateFile(`${path}/${name}`, text);
  }

  async remove(): Promise<void> {
    const path = await this.#made;
    if (path === undefined) return;
    const { removeFolder } = await import("#system/fs/run-files");
    await removeFolder(path);
  }

  async #make(): Promise<string | undefined> {
    const files = await import("#system/fs/run-files");
    const runs = `${this.#root}/.zr/run`;
    await files.removeDeadRuns(runs);
    return files.makeRunFolder(`${runs}/${this.#id}`);
  }
}

/** What a failure says that needed the folder. */
export const NO_PLACE = "there is no place for temporary files";
