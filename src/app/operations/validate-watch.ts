import type { Diagnostic } from "#base/diagnostic";
import { checkRules } from "#core/watch/check-rules";
import { watchSettings } from "#core/watch/watch-settings";
import type { Package, Workspace } from "#core/workspace/workspace";

/** Whether a package says anything about watching: cheap, for the many that do not. */
export const mentionsWatch = ({ config }: Package): boolean =>
  config.files.some(({ document }) => document.watch !== undefined || document.profiles !== undefined);

/** What is wrong with the `[watch]` of every package, as `zr watch --all` there would tell. */
export function validateWatch(workspace: Workspace): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const current of workspace.packages.values()) {
    if (!mentionsWatch(current)) continue;
    const here = { ...workspace, current };
    checkRules(watchSettings(here, found).rules, here, found);
  }
  return found;
}
