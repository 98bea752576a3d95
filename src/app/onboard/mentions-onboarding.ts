import type { Workspace } from "#core/workspace/workspace";

/** Whether any file of the workspace has `[setup]` or `[doctor]`: most have not, and then nothing of them is loaded. */
export function mentionsOnboarding({ packages }: Workspace): boolean {
  for (const { config } of packages.values())
    for (const { document } of config.files)
      if (document.setup !== undefined || document.doctor !== undefined) return true;
  return false;
}
