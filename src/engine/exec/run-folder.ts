import type { RunId } from "#core/model/ids";

/**
 * `.zr/run/<id>`: what a run needs on disk while it lives (scripts, spools, sockets). It is made when something is first
 * put there and removed at the end; what a dead run left behind is removed by a later one.
 */
export class RunFolder {
  readonly #root: string;
  readonly #id: RunId;
  #made: Promise<string> | undefined;

  constructor(root: string, id: RunId) {
    this.#root = root;
    this.#id = id;
  }

  /** `.zr` of the workspace: what outlives a run. It exists once `path` is settled. */
  get stateFolder(): string {
    return `${this.#root}/.zr`;
  }

  /** Absolute path; the folder exists once this is settled. */
  path(): Promise<string> {
    this.#made ??= this.#make();
    return this.#made;
  }

  /** Writes a file that only this user may read, and gives its path. */
  async write(name: string, text: string): Promise<string> {
    const { writePrivateFile } = await import("#system/fs/run-files");
    return writePrivateFile(`${await this.path()}/${name}`, text);
  }

  async remove(): Promise<void> {
    if (this.#made === undefined) return;
    const { removeFolder } = await import("#system/fs/run-files");
    await removeFolder(await this.#made);
  }

  async #make(): Promise<string> {
    const files = await import("#system/fs/run-files");
    const runs = `${this.#root}/.zr/run`;
    await files.removeDeadRuns(runs);
    return files.makeRunFolder(`${runs}/${this.#id}`);
  }
}
