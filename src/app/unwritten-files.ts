import { isInside, relativeTo } from "#base/path";
import type { ConfigReader } from "#core/config/config-reader";
import { globFiles, readText } from "#system/fs/read-text";
import { languageReader, membersFinder } from "./find-packages";

/**
 * A reader for which some files are there that nobody has written yet, over the disk. By it a configuration can be
 * checked, packages and all, before a byte of it is written.
 *
 * @param texts by absolute path.
 */
export function unwrittenFiles(texts: ReadonlyMap<string, string>): ConfigReader {
  const matching = (pattern: string, folder: string): readonly string[] => {
    const glob = new Bun.Glob(pattern);
    return [...texts.keys()].filter((path) => isInside(folder, path) && glob.match(relativeTo(folder, path)));
  };
  const merged = (found: readonly string[], more: readonly string[]): readonly string[] =>
    more.length === 0 ? found : [...new Set([...found, ...more])].sort();
  return {
    readText: async (path) => {
      const text = texts.get(path);
      return text === undefined ? readText(path) : { kind: "text", text };
    },
    glob: async (pattern, folder) => merged(await globFiles(pattern, folder), matching(pattern, folder)),
    packages: {
      ofWorkspace: membersFinder({
        ...languageReader,
        find: async (pattern, folder, skipped) =>
          merged(await languageReader.find(pattern, folder, skipped), matching(pattern, folder)),
      }),
      ofRepository: async () => undefined,
    },
  };
}
