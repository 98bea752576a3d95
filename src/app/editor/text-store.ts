import type { ConfigReader, FileText } from "#core/config/config-reader";
import type { Discovery, PackageDiscovery } from "#core/config/discovery";
import { TextModel } from "#core/editor/text-model";
import { hasMatch } from "#system/fs/has-match";
import { globFiles, readText } from "#system/fs/read-text";
import { packageDiscovery } from "#app/package-discovery";

/**
 * The files of an editor: what is open as it is on the screen, the rest as it is on the disk. What was read of the disk
 * is kept until `forget`; so a key that is pressed costs no look at the disk.
 */
export class TextStore implements ConfigReader {
  readonly #open = new Map<string, TextModel>();
  readonly #disk = new Map<string, Promise<FileText>>();
  readonly #models = new Map<string, TextModel>();
  readonly #globs = new Map<string, Promise<readonly string[]>>();
  readonly #matches = new Map<string, Promise<boolean>>();
  readonly #members = new Map<string, Promise<Discovery>>();
  readonly #repositories = new Map<string, Promise<Discovery | undefined>>();

  /** A document is open with this text, whatever its file has. */
  open(path: string, text: string): void {
    this.#open.set(path, new TextModel(path, text));
  }

  close(path: string): void {
    this.#open.delete(path);
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  openPaths(): Iterable<string> {
    return this.#open.keys();
  }

  /** The current text of a file that is open or has been read. */
  textOf(path: string): TextModel | undefined {
    return this.#open.get(path) ?? this.#models.get(path);
  }

  /** Everything that was read of the disk may have changed. */
  forget(): void {
    this.#disk.clear();
    this.forgetFolders();
  }

  /** Which files there are may have changed. */
  forgetFolders(): void {
    this.#globs.clear();
    this.#matches.clear();
    this.#members.clear();
    this.#repositories.clear();
  }

  readonly readText = async (path: string): Promise<FileText> => {
    const open = this.#open.get(path);
    if (open !== undefined) return described(open);
    let reading = this.#disk.get(path);
    if (reading === undefined) {
      reading = this.#readDisk(path);
      this.#disk.set(path, reading);
    }
    return reading;
  };

  readonly glob = (pattern: string, folder: string): Promise<readonly string[]> =>
    kept(this.#globs, `${folder}\0${pattern}`, () => globFiles(pattern, folder));

  readonly hasMatch = (pattern: string, folder: string): Promise<boolean> =>
    kept(this.#matches, `${folder}\0${pattern}`, () => hasMatch(pattern, folder));

  /** Packages by their manifests, as they were when they were last looked for. */
  readonly discovery: PackageDiscovery = {
    ofWorkspace: (root, file, table) =>
      kept(this.#members, `${root}\0${JSON.stringify(table)}`, () =>
        packageDiscovery.ofWorkspace(root, file, table),
      ),
    ofRepository: (cwd) => kept(this.#repositories, cwd, () => packageDiscovery.ofRepository(cwd)),
  };

  async #readDisk(path: string): Promise<FileText> {
    const read = await readText(path);
    if (read.kind !== "text" || read.isUtf8 === false) {
      this.#models.delete(path);
      return read;
    }
    let model = this.#models.get(path);
    if (model?.text !== read.text) {
      model = new TextModel(path, read.text);
      this.#models.set(path, model);
    }
    return path.endsWith(".toml") ? described(model) : read;
  }
}

/** With its values, so that a text that is broken somewhere is known by the rest of it. */
const described = ({ text, outline }: TextModel): FileText => ({
  kind: "text",
  text,
  values: outline.values,
});

function kept<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
