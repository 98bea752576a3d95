import { NO_MEMBERS } from "./language-provider";
import type { LanguageProvider } from "./language-provider";
import { managerOf } from "./node-manager";

/** Bun's packages are npm's, which are found as such. */
export const bun: LanguageProvider = {
  name: "bun",
  displayName: "Bun",
  manifests: [],
  members: () => NO_MEMBERS,
  describe: () => undefined,
  detects: (folder, root) =>
    folder.names.has("package.json") && [folder, root].some((place) => managerOf(place) === "bun"),
  toolchain: async () => (await import("./bun-toolchain")).bunToolchain,
  project: async () => (await import("./bun-project")).bunProject,
};
