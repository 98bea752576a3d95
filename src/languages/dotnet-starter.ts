import type { LanguageStarter } from "./language-provider";

/** What a written configuration says of the tasks of .NET projects. */
export const dotnetStarter: LanguageStarter = {
  readsSources: true,
  reads: ["global.json", ".tool-versions"],
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
  // No archive of it is known to zr.
  tools: () => [],
};
