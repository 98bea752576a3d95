import type { Workspace } from "#core/workspace/workspace";

/** `[workspace] default_base`; undefined where it is not set. */
export const defaultBaseOf = (workspace: Workspace | undefined): string | undefined =>
  workspace?.rootPackage.config.files
    .map(({ document }) => document.workspace?.default_base)
    .findLast((branch) => branch !== undefined);
