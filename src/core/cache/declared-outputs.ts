import type { Package } from "#core/workspace/workspace";

/** Globs of all that the tasks of a package declare to make. */
export const declaredOutputs = (pkg: Package): readonly string[] =>
  [...pkg.config.tasks.values()].flatMap((entry) =>
    (pkg.resolve(entry).table.outputs ?? []).map(withoutValues),
  );

/** What is filled in when a task is planned counts as any text. */
export const withoutValues = (glob: string): string => glob.replaceAll(/\$\{[^}]*\}/g, "*");
