import { resolveFrom } from "#base/path";
import { loadFiles } from "#core/config/load";
import { buildWorkspace } from "#core/workspace/workspace";
import type { Workspace } from "#core/workspace/workspace";
import { globFiles, readText } from "#system/fs/read-text";
import { userConfigPath } from "./load-workspace";
import type { LoadOptions } from "./load-workspace";
import { packageDiscovery } from "./package-discovery";

/**
 * The workspace for who only wants its names: its files are read and each is checked for itself, but they are not held
 * against each other. Undefined where there is none, or a file can't be understood.
 */
export async function loadNames(options: LoadOptions): Promise<Workspace | undefined> {
  const { configPath, cwd, env, profile } = options;
  const userPath = userConfigPath(env);
  const loaded = await loadFiles(
    {
      cwd,
      ...(configPath === undefined ? {} : { configPath: resolveFrom(cwd, configPath) }),
      ...(userPath === undefined ? {} : { userPath }),
    },
    { readText, glob: globFiles },
    packageDiscovery,
  );
  if (!loaded.ok || loaded.value.unread.length > 0) return undefined;
  if (loaded.value.diagnostics.some(({ severity }) => severity === "error")) return undefined;
  return buildWorkspace(loaded.value, profile, []);
}
