import type { TaskTable } from "#core/config/schema/sections";
import type { FolderFiles } from "./folder-view";
import type { StarterPackage, WantedTool } from "./language-provider";

/** Why tests are cached, and when they should not be. */
export const WHY_TESTS_CACHED =
  "Not run again as long as no file changes. Take `cache` out where the tests ask a network or a database.";
/** Why what only looks at files is cached. */
export const WHY_LOOKS_CACHED = "Only looks at files: not run again as long as none of them changes.";

/** Inputs of a task that reads its own package and the sources of others; undefined where the default says it. */
export const inputsWith = ({ sourcesOf }: StarterPackage): Pick<TaskTable, "inputs"> =>
  sourcesOf.length === 0 ? {} : { inputs: ["$default", ...sourcesOf.map((path) => `//${path}/**`)] };

/** Versions out of a `.tool-versions` file: a tool a line, the first of its versions. */
export function toolVersions(
  folder: FolderFiles,
  names: Readonly<Record<string, string>>,
): readonly WantedTool[] {
  const from = ".tool-versions";
  return (folder.text(from) ?? "").split("\n").flatMap((line): readonly WantedTool[] => {
    const [tool = "", version = ""] = line.replace(/#.*/, "").trim().split(/\s+/);
    const name = Object.hasOwn(names, tool) ? names[tool] : undefined;
    return name === undefined || !/^\d/.test(version) ? [] : [{ name, version, from }];
  });
}
