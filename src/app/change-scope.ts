import type { ChangeScope } from "#core/affected/affected-packages";
import type { Workspace } from "#core/workspace/workspace";
import { defaultBaseOf } from "./default-base";

/** A workspace as far as it matters what a change affects. */
export function changeScope(workspace: Workspace): ChangeScope {
  const defaultBase = defaultBaseOf(workspace);
  return {
    root: workspace.root,
    packages: [...workspace.packages.values()].map(({ name, path, deps }) => ({ name, path, deps })),
    globalInputs: globalInputsOf(workspace),
    ...(defaultBase === undefined ? {} : { defaultBase }),
  };
}

/** `[workspace] global_inputs`. */
export const globalInputsOf = (workspace: Workspace): readonly string[] =>
  workspace.rootPackage.config.files
    .map(({ document }) => document.workspace?.global_inputs)
    .findLast((globs) => globs !== undefined) ?? [];
