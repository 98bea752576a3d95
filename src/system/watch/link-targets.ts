import { basename, dirname } from "#base/path";
import type { FolderNode } from "./file-tree";

export interface LinkTargetsOptions {
  /** Follows a folder without what is below it; undefined where that can't be done. */
  readonly watch: (folder: string, hear: (name: string | null) => void) => Disposable | undefined;
  /** Something has happened to what a link leads to. */
  readonly hear: (node: FolderNode, name: string) => void;
}

/** A link, by the folder that it lies in. */
interface Link {
  readonly node: FolderNode;
  readonly name: string;
  readonly way: readonly string[];
}

interface TargetFolder {
  readonly handle: Disposable | undefined;
  /** Links that lead over a name in the folder. */
  readonly links: Map<Link, ReadonlySet<string>>;
}

/** Follows what links to files lead to, wherever that is: the system tells of a link only that it was replaced itself. */
export class LinkTargets {
  readonly #options: LinkTargetsOptions;
  readonly #links = new Map<FolderNode, Map<string, Link>>();
  readonly #folders = new Map<string, TargetFolder>();

  constructor(options: LinkTargetsOptions) {
    this.#options = options;
  }

  /** @param way paths that the link leads over, as `wayOfLink` gives them; none where it is no link any more */
  lead(node: FolderNode, name: string, way: readonly string[]): void {
    const before = this.#links.get(node)?.get(name);
    if (before !== undefined && Bun.deepEquals(before.way, way)) return;
    const link = way.length === 0 ? undefined : { node, name, way };
    // First the new, so that no folder is let go of and taken up again.
    if (link !== undefined) this.#follow(link);
    if (before !== undefined) this.#unfollow(before);
    if (link !== undefined) {
      const links = this.#links.get(node);
      if (links === undefined) this.#links.set(node, new Map([[name, link]]));
      else links.set(name, link);
    } else this.#links.get(node)?.delete(name);
  }

  /** Forgets all links of a folder. */
  leave(node: FolderNode): void {
    for (const link of this.#links.get(node)?.values() ?? []) this.#unfollow(link);
    this.#links.delete(node);
  }

  [Symbol.dispose](): void {
    for (const { handle } of this.#folders.values()) handle?.[Symbol.dispose]();
    this.#folders.clear();
    this.#links.clear();
  }

  #follow(link: Link): void {
    for (const [folder, places] of Map.groupBy(link.way, dirname)) {
      const names = new Set(places.map(basename));
      const known = this.#folders.get(folder);
      if (known !== undefined) known.links.set(link, names);
      else {
        const links = new Map([[link, names]]);
        const handle = this.#options.watch(folder, (name) => this.#heard(links, name));
        this.#folders.set(folder, { handle, links });
      }
    }
  }

  #unfollow(link: Link): void {
    for (const [folder, { handle, links }] of this.#folders) {
      if (!links.delete(link) || links.size > 0) continue;
      handle?.[Symbol.dispose]();
      this.#folders.delete(folder);
    }
  }

  #heard(links: TargetFolder["links"], name: string | null): void {
    for (const [link, names] of links)
      if (name === null || names.has(name)) this.#options.hear(link.node, link.name);
  }
}
