import type { Diagnostic } from "#base/diagnostic";
import { sharedEnvironment } from "#core/plan/env-sources";
import type { Workspace } from "#core/workspace/workspace";
import { sourceFiles, sourceLayers } from "#engine/env/source-layers";
import { readText } from "#system/fs/read-text";

/** What is odd in the dotenv files of the packages: lines that set nothing, quotes that are left open. */
export async function validateDotenv(workspace: Workspace): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const contents = new Map<string, string>();
  for (const { config } of workspace.packages.values()) {
    const { sources } = sharedEnvironment(config, workspace.root);
    const files = sourceFiles(sources);
    if (files.length === 0) continue;
    for (const path of files) {
      if (contents.has(path)) continue;
      const read = await readText(path);
      if (read.kind === "text") contents.set(path, read.text);
    }
    found.push(...sourceLayers(sources, contents).problems);
  }
  return found;
}
