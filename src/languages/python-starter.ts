import type { FolderFiles } from "./folder-view";
import type { LanguageStarter, WantedTool } from "./language-provider";
import { inputsWith, toolVersions, WHY_LOOKS_CACHED, WHY_TESTS_CACHED } from "./language-starter";

/** What a written configuration says of the tasks of a Python project. */
export const pythonStarter: LanguageStarter = {
  reads: [".python-version", ".tool-versions"],
  globalInputs: [
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "ruff.toml",
    ".ruff.toml",
    "mypy.ini",
    ".python-version",
  ],
  task: (inferred, pkg) => {
    const { name, table } = inferred;
    const told = (...why: readonly string[]): readonly string[] => [...inferred.why, ...why];
    switch (name) {
      case "build":
        return {
          name,
          table: { ...table, cache: true, ...inputsWith(pkg), outputs: ["dist/**"] },
          why: told("Kept as long as no file of the package changes; the distributions lie in dist/."),
        };
      case "test":
        return {
          name,
          table: { ...table, cache: { platform: true }, ...inputsWith(pkg) },
          why: told(WHY_TESTS_CACHED),
        };
      case "lint":
      case "typecheck":
        return {
          name,
          table: { ...table, cache: true, ...inputsWith(pkg) },
          why: told(WHY_LOOKS_CACHED),
        };
      case "format":
        return { name, table: { ...table, aliases: ["fmt"] }, why: told("Not cached: it changes sources.") };
      default:
        return { name, table, why: told() };
    }
  },
  further: ({ folder }) =>
    folder.names.has("manage.py")
      ? [
          {
            name: "dev",
            table: {
              description: "Start the server",
              cmd: ["python3", "manage.py", "runserver"],
              persistent: true,
            },
            why: ["Runs until it is stopped."],
          },
        ]
      : [],
  tools,
};

function tools(folder: FolderFiles): readonly WantedTool[] {
  const from = ".python-version";
  const pinned = /^\s*(\d+(?:\.\d+){1,2})\s*$/m.exec(folder.text(from) ?? "")?.[1];
  return [
    ...(pinned === undefined ? [] : [{ name: "python", version: pinned, from }]),
    ...toolVersions(folder, { python: "python", uv: "pypi:uv", poetry: "pypi:poetry" }),
  ];
}
