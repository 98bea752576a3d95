import type { FolderFiles } from "./folder-view";
import type { LanguageStarter, WantedTool } from "./language-provider";
import { toolVersions } from "./language-starter";

/** What a written configuration says of the tasks of Maven and Gradle. */
export const javaStarter: LanguageStarter = {
  readsSources: true,
  reads: [".java-version", ".tool-versions", ".sdkmanrc"],
  globalInputs: ["pom.xml", "settings.gradle*", "build.gradle*", "gradle.properties"],
  task: ({ name, table, why }) => ({
    name,
    // Two programs of Maven or Gradle in one working copy would write to the same folders.
    table: { ...table, resources: { mutex: "java-build" } },
    why:
      name === "build"
        ? [
            ...why,
            "Not cached by zr: the build tool keeps what it has made, and knows what it needs. One at a time, as it works on the whole project.",
          ]
        : why,
  }),
  tools: (folder: FolderFiles): readonly WantedTool[] => {
    const from = ".java-version";
    const pinned = /^\s*(\d+(?:\.\d+)*)\s*$/.exec(folder.text(from) ?? "")?.[1];
    const sdk = /^\s*java\s*=\s*(\d+(?:\.\d+)*)/m.exec(folder.text(".sdkmanrc") ?? "")?.[1];
    return [
      ...(pinned === undefined ? [] : [{ name: "java", version: pinned, from }]),
      ...(sdk === undefined ? [] : [{ name: "java", version: sdk, from: ".sdkmanrc" }]),
      ...toolVersions(folder, { java: "java" }),
    ];
  },
};
