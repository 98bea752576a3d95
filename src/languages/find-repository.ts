import { ancestors, isInside } from "#base/path";
import type { Discovery } from "#core/config/discovery";
import { discoverPackages } from "./discover-packages";
import type { RepositoryReader } from "./discover-packages";
import type { LanguageProvider } from "./language-provider";
import { ProviderFiles } from "./provider-files";

export interface RepositorySearch extends RepositoryReader {
  /** Whether a folder is the top of a working copy. */
  readonly isTop: (folder: string) => Promise<boolean>;
}

/**
 * The repository around a folder in which nothing is configured: the top of the working copy where that has a manifest,
 * else the topmost folder above whose manifests list the nearest one, else the nearest folder with a manifest.
 */
export async function findRepository(
  cwd: string,
  providers: readonly LanguageProvider[],
  reader: RepositorySearch,
): Promise<Discovery | undefined> {
  const files = new ProviderFiles(providers);
  const pattern = files.pattern();
  const candidates: string[] = [];
  let top: string | undefined;
  for (const folder of ancestors(cwd)) {
    const found = await reader.find(pattern, folder, files.foreign);
    if (found.some((path) => files.roleOf(path.slice(path.lastIndexOf("/") + 1)) !== "mark"))
      candidates.push(folder);
    if (await reader.isTop(folder)) {
      top = folder;
      break;
    }
  }
  const [nearest] = candidates;
  if (nearest === undefined) return undefined;
  const discover = (root: string): Promise<Discovery> =>
    discoverPackages(
      {
        root,
        providers,
        lists:
          isInside(root, nearest) && root !== nearest && root === top
            ? [{ base: root, folders: [nearest] }]
            : [],
        ignore: [],
        infersRootTasks: true,
      },
      reader,
    );
  for (const root of candidates.toReversed()) {
    if (root === nearest || root === top) return discover(root);
    const discovery = await discover(root);
    if (discovery.packages.has(nearest)) return discovery;
  }
  return undefined;
}
