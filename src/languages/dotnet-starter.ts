import { declaredVersions, versionFileNames } from "./declared-versions";
import { dotnetProject } from "./dotnet-project";
import type { LanguageStarter } from "./language-provider";

/** What a written configuration says of the tasks of .NET projects. */
export const dotnetStarter: LanguageStarter = {
  readsSources: true,
  reads: versionFileNames(dotnetProject),
  globalInputs: [
    "global.json",
    "Directory.Build.props",
    "Directory.Build.targets",
    "Directory.Packages.props",
  ],
  task: ({ name, table, why }) => ({
    name,
    table: { ...table, resources: { mutex: "dotnet-build" } },
    why: [
      ...why,
      ...(name === "build"
        ? [
            "Not cached by zr: the compiler keeps what it has made in bin/ and obj/. One at a time, since projects that share others write to the same folders.",
          ]
        : []),
    ],
  }),
  tools: (folder) =>
    declaredVersions({ name: "dotnet" }, dotnetProject, folder)
      .filter(({ request }) => /^\d/.test(request))
      .map(({ tool, request, from }) => ({ name: tool, version: request, from })),
};
