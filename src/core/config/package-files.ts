import type { Place } from "#base/diagnostic";
import { basename, dirname, relativeTo, resolveFrom } from "#base/path";
import type { SourceFile } from "./config";
import type { ConfigDocuments } from "./config-documents";
import { CONFIG_NAME, LOCAL_NAME } from "./config-names";
import type { ConfigDocument } from "./schema/sections";

/** Keys of `[workspace]` that say which packages there are. */
const MEMBER_KEYS = ["members", "ignore", "infer"] as const;

/** A file whose includes are followed. */
interface Includer {
  readonly path: string;
  readonly document: ConfigDocument;
  /** The files that led here, itself last. */
  readonly chain: readonly string[];
  readonly namespace?: string;
  /** What the package has included so far, under which namespace. */
  readonly taken: Set<string>;
}

interface Included {
  readonly target: string;
  /** The entry that names it. */
  readonly place: Place;
  readonly namespace?: string;
}

/** Finds the files of which the configuration of a package is made. */
export class PackageFiles {
  readonly #documents: ConfigDocuments;

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
  }

  /** The file itself, what it includes, and its local overlay, lowest first. */
  async of(
    folder: string,
    own: ConfigDocument,
    seen?: { readonly path: string; readonly hasLocal: boolean },
  ): Promise<readonly SourceFile[]> {
    const path = seen?.path ?? this.#documents.pathOf(own) ?? `${folder}/${CONFIG_NAME}`;
    const taken = new Set<string>();
    const included =
      own.include === undefined ? [] : await this.#includes({ path, document: own, chain: [path], taken });
    const localPath = `${folder}/${LOCAL_NAME}`;
    const local =
      basename(path) === CONFIG_NAME && seen?.hasLocal !== false
        ? this.#documents.parse(localPath, await this.#documents.read(localPath))
        : undefined;
    const files: SourceFile[] = [...included, { path, layer: "package", document: own }];
    if (local !== undefined) {
      const ofLocal = await this.#includes({ path: localPath, document: local, chain: [localPath], taken });
      files.push(...ofLocal, { path: localPath, layer: "local", document: local });
    }
    for (const file of files) if (file.layer !== "package") this.#refuseMembers(file);
    return files;
  }

  /** Which packages there are is asked of the file itself, before anything else is read. */
  #refuseMembers({ path, document: { workspace } }: SourceFile): void {
    for (const key of MEMBER_KEYS)
      if (workspace?.[key] !== undefined)
        this.#documents.report("E157", { key }, { file: path, path: ["workspace", key], target: "key" });
  }

  async #includes(includer: Includer): Promise<SourceFile[]> {
    const { path, document: own } = includer;
    if (own.include === undefined) return [];
    const entries = Array.isArray(own.include) ? own.include : [own.include];
    const files: SourceFile[] = [];
    for (const [index, entry] of entries.entries()) {
      const place: Place = {
        file: path,
        path: Array.isArray(own.include) ? ["include", index] : ["include"],
      };
      const pattern = typeof entry === "string" ? entry : entry.path;
      if (pattern === undefined) {
        // A remote include is refused where settings of later versions are.
        if (typeof entry === "object" && entry.git === undefined && entry.url === undefined)
          this.#documents.report("E118", { key: "path", where: "'include'" }, place);
        continue;
      }
      const inner = typeof entry === "string" ? undefined : entry.namespace;
      const namespace = [includer.namespace, inner].filter((part) => part !== undefined).join(":");
      for (const target of await this.#includeTargets(path, pattern, place)) {
        files.push(
          ...(await this.#include({ target, place, ...(namespace === "" ? {} : { namespace }) }, includer)),
        );
      }
    }
    return files;
  }

  async #includeTargets(path: string, pattern: string, place: Place): Promise<readonly string[]> {
    if (/[*?[{]/.test(pattern)) return this.#documents.glob(pattern, dirname(path));
    const target = resolveFrom(dirname(path), pattern);
    const text = await this.#documents.read(target);
    if (text.kind !== "missing") return [target];
    this.#documents.report("E136", { path: pattern }, place);
    return [];
  }

  async #include(include: Included, { chain, taken }: Includer): Promise<SourceFile[]> {
    const { target, place, namespace } = include;
    if (chain.includes(target)) {
      const cycle = [...chain.slice(chain.indexOf(target)), target]
        .map((file) => relativeTo(dirname(chain[0] ?? "/"), file))
        .join(" → ");
      this.#documents.report("E135", { cycle }, place);
      return [];
    }
    // A file that two others include is part of the package once.
    const key = `${namespace ?? ""}\0${target}`;
    if (taken.has(key)) return [];
    taken.add(key);
    const parsed = this.#documents.parse(target, await this.#documents.read(target));
    if (parsed === undefined) return [];
    const named = namespace === undefined ? {} : { namespace };
    const inner = await this.#includes({
      path: target,
      document: parsed,
      chain: [...chain, target],
      taken,
      ...named,
    });
    return [...inner, { path: target, layer: "include", document: parsed, ...named }];
  }
}
