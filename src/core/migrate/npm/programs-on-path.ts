import type { ConvertedFile } from "#core/migrate/conversion";

/**
 * What puts the programs of installed packages in front of PATH, for every task of a file, as package managers do for
 * scripts: those of the package, then with `levels` 2 those of the workspace's root; 0 for the root's alone.
 */
export function programsOnPath(levels: 0 | 1 | 2): Pick<ConvertedFile, "sections" | "sectionComments"> {
  const folders = [
    ...(levels > 0 ? ["${package.dir}/node_modules/.bin"] : []),
    ...(levels === 1 ? [] : ["${workspace.root}/node_modules/.bin"]),
  ];
  return {
    sections: { defaults: { tasks: { env: { PATH: [...folders, "$PATH"].join(":") } } } },
    sectionComments: { "defaults.tasks": ["Programs of installed packages are found as in a script."] },
  };
}
