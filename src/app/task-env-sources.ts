import type { TaskEntry } from "#core/config/config";
import type { EnvSource } from "#core/model/environment";
import { envSource, taskSources } from "#core/plan/env-sources";
import type { Package } from "#core/workspace/workspace";
import { sourceFiles } from "#engine/env/source-layers";
import { readText } from "#system/fs/read-text";

/** The layers that a task has beside its package's, as they are written: no expression in them is filled in. */
export function taskEnvSources(pkg: Package, entry: TaskEntry): readonly EnvSource[] {
  const { table, groupEnv } = pkg.resolve(entry);
  const { dir } = pkg;
  const [file = ""] = pkg.config.files.map(({ path }) => path).slice(-1);
  const at = { envPlace: { file }, filePlace: { file }, dir };
  return [
    ...groupEnv.flatMap((group) =>
      group.table.env === undefined
        ? []
        : [envSource("group", group.table.env, { place: { file: group.file }, dir })],
    ),
    ...taskSources(table, at, (text) => text),
  ];
}

/** Adds the texts of the files that layers name, each read once; those that can't be read are left out. */
export async function readSourceFiles(
  sources: readonly EnvSource[],
  contents: Map<string, string>,
): Promise<void> {
  for (const path of sourceFiles(sources)) {
    if (contents.has(path)) continue;
    const read = await readText(path);
    if (read.kind === "text") contents.set(path, read.text);
  }
}
