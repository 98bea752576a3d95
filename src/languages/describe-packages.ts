import type { TaskEntry } from "#core/config/config";
import type { DiscoveredEdge, DiscoveredPackage } from "#core/config/discovery";
import { basename } from "#base/path";
import type { FolderFiles } from "./folder-view";
import type { InferredTask, LanguageProvider, ManifestPackage } from "./language-provider";

interface Described {
  readonly provider: LanguageProvider;
  readonly found: ManifestPackage;
}

/**
 * What the manifests of the folders say, with dependencies led to folders. A folder with manifests of several languages
 * is one package: the first language that names it gives its name, and a task is taken from the first that has it.
 */
export function describePackages(
  folders: readonly FolderFiles[],
  root: FolderFiles,
  providersOf: (folder: FolderFiles) => readonly LanguageProvider[],
): readonly DiscoveredPackage[] {
  const all = folders.map((folder) => ({
    folder,
    described: providersOf(folder).flatMap((provider): readonly Described[] => {
      const found = provider.describe(folder, root);
      return found === undefined ? [] : [{ provider, found }];
    }),
  }));
  const names = new NameIndex();
  for (const { folder, described } of all)
    for (const { provider, found } of described) names.add(provider, found, folder.dir);
  const edges = new Map(
    all.map(({ folder, described }) => [
      folder.dir,
      described.flatMap(({ provider, found }) => names.edges(provider, found, folder.dir)),
    ]),
  );
  const circular = onCircles(edges);
  return all.map(({ folder, described }): DiscoveredPackage => {
    const named = described.find(({ found }) => found.name !== undefined)?.found;
    const version = described.find(({ found }) => found.version !== undefined)?.found.version;
    const namePlace = named?.namePlace ?? described[0]?.found.namePlace;
    return {
      dir: folder.dir,
      ...(named?.name === undefined ? {} : { name: named.name }),
      ...(namePlace === undefined ? {} : { namePlace }),
      ...(version === undefined ? {} : { version }),
      manifests: described.map(({ found }) => found.manifest),
      edges: edges.get(folder.dir) ?? [],
      folders: described.flatMap(({ provider: { folders } }) => (folders?.always === true ? [folders] : [])),
      tasks: entries(described, circular.has(folder.dir)),
    };
  });
}

/** Leads the names that packages depend on to folders; each language has names of its own. */
class NameIndex {
  readonly #folders = new Map<
    LanguageProvider,
    Map<string, { readonly dir: string; readonly version?: string }>
  >();
  readonly #known = new Set<string>();

  add(provider: LanguageProvider, { ids, name, version }: ManifestPackage, dir: string): void {
    this.#known.add(dir);
    let names = this.#folders.get(provider);
    if (names === undefined) this.#folders.set(provider, (names = new Map()));
    for (const id of ids ?? (name === undefined ? [] : [name]))
      if (!names.has(id)) names.set(id, { dir, ...(version === undefined ? {} : { version }) });
  }

  edges(
    provider: LanguageProvider,
    { dependencies }: ManifestPackage,
    from: string,
  ): readonly DiscoveredEdge[] {
    const names = this.#folders.get(provider);
    return dependencies.flatMap(({ on, kind, place }): DiscoveredEdge[] => {
      if ("dir" in on) return on.dir !== from && this.#known.has(on.dir) ? [{ on: on.dir, kind, place }] : [];
      const target = names?.get(on.name);
      if (target === undefined || target.dir === from || on.accepts?.(target.version) === false) return [];
      return [{ on: target.dir, kind, place }];
    });
  }
}

function entries(described: readonly Described[], isCircular: boolean): readonly TaskEntry[] {
  const byName = new Map<string, TaskEntry>();
  for (const { found } of described)
    for (const task of found.tasks)
      if (!byName.has(task.name)) byName.set(task.name, entryOf(task, isCircular));
  return [...byName.values()];
}

/** Where packages depend on each other in a circle, none can be made before the other: its task waits for none. */
function entryOf({ name, table, place }: InferredTask, isCircular: boolean): TaskEntry {
  const { deps: _deps, ...alone } = table;
  return {
    name,
    sources: [{ file: place.file, path: place.path ?? [], table: isCircular ? alone : table }],
    inferredFrom: basename(place.file),
  };
}

/** Folders that lie on a circle of dependencies, or between two: what is left when ends are taken off again and again. */
function onCircles(edges: ReadonlyMap<string, readonly DiscoveredEdge[]>): ReadonlySet<string> {
  const forward = new Map([...edges].map(([dir, list]) => [dir, list.map(({ on }) => on)]));
  const backward = new Map<string, string[]>([...forward.keys()].map((dir) => [dir, []]));
  for (const [dir, list] of forward) for (const on of list) backward.get(on)?.push(dir);
  const left = new Set(forward.keys());
  for (const [needs, neededBy] of [
    [forward, backward],
    [backward, forward],
  ] as const) {
    const missing = new Map([...needs].map(([dir, list]) => [dir, list.filter((on) => left.has(on)).length]));
    const free = [...left].filter((dir) => missing.get(dir) === 0);
    for (const dir of free) {
      left.delete(dir);
      for (const other of neededBy.get(dir) ?? []) {
        const count = (missing.get(other) ?? 0) - 1;
        missing.set(other, count);
        if (count === 0 && left.has(other)) free.push(other);
      }
    }
  }
  return left;
}
