import type { FolderFiles } from "./folder-view";
import type { LanguageStarter, StarterTask, WantedTool } from "./language-provider";
import { inputsWith, toolVersions, WHY_LOOKS_CACHED, WHY_TESTS_CACHED } from "./language-starter";

/** What a written configuration says of the tasks of a Go module. */
export const goStarter: LanguageStarter = {
  readsSources: true,
  reads: ["main.go", ".tool-versions", ".golangci.*"],
  globalInputs: ["go.work", "go.work.sum", ".golangci.*"],
  task: (inferred, pkg) => {
    const { name, table } = inferred;
    const told = (...why: readonly string[]): readonly string[] => [...inferred.why, ...why];
    if (name === "build")
      return { name, table, why: told("Not cached by zr: Go keeps what it has compiled by itself.") };
    if (name === "test")
      return {
        name,
        table: { ...table, cache: { platform: true }, ...inputsWith(pkg) },
        why: told(WHY_TESTS_CACHED),
      };
    if (name === "vet")
      return {
        name,
        table: { ...table, aliases: ["lint"], cache: true, ...inputsWith(pkg) },
        why: told(WHY_LOOKS_CACHED),
      };
    return { name, table, why: told("Not cached: it changes sources.") };
  },
  further: ({ folder }): readonly StarterTask[] =>
    folder.names.has("main.go")
      ? [
          {
            name: "dev",
            table: { description: "Run the program", cmd: ["go", "run", "."], interactive: true },
            why: ["Has the terminal to itself."],
          },
        ]
      : [],
  tools,
};

function tools(folder: FolderFiles): readonly WantedTool[] {
  const text = folder.text("go.mod") ?? "";
  const toolchain = /^\s*toolchain\s+go(\d+\.\d+(?:\.\d+)?)\s*$/m.exec(text)?.[1];
  return [
    ...toolVersions(folder, { golang: "go", go: "go" }),
    ...(toolchain === undefined ? [] : [{ name: "go", version: toolchain, from: "go.mod" }]),
  ];
}
