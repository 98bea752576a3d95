import type { Diagnostic } from "#base/diagnostic";
import { sharedEnvironment } from "#core/plan/shared-environment";
import type { Workspace } from "#core/workspace/workspace";
import { sourceFiles, sourceLayers } from "#engine/env/source-layers";
import { readText } from "#system/fs/read-text";

/**
 * What is wrong with what the tasks of a package share, also where there is no task: references in `[env]`, and in the
 * dotenv files lines that set nothing and quotes that are left open. `os` is the system that commands run on.
 */
export async function validateEnvironments(workspace: Workspace, os: string): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const contents = new Map<string, string>();
  for (const pkg of workspace.packages.values()) {
    const { sources } = sharedEnvironment(pkg, { root: workspace.root, os, problems: found });
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
