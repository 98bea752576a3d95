import { bunToolchain } from "./bun-toolchain";
import type { LanguageProject } from "./language-project";
import { nodeProject } from "./node-project";

/** Packages of npm that Bun installs and runs. */
export const bunProject: LanguageProject = {
  ...nodeProject,
  versionFiles: bunToolchain.versionFiles ?? [],
  toolNames: ["bun"],
};
