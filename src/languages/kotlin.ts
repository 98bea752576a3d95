import { GRADLE_BUILDS } from "./gradle";
import { NO_MEMBERS } from "./language-provider";
import type { LanguageProvider } from "./language-provider";
import { POM } from "./maven";

const PLUGIN = /\borg\.jetbrains\.kotlin\b|\bkotlin\s*\(\s*["']|kotlin-maven-plugin/;

/** Kotlin is built by Gradle and Maven, whose projects are found as such. */
export const kotlin: LanguageProvider = {
  name: "kotlin",
  displayName: "Kotlin",
  manifests: [],
  members: () => NO_MEMBERS,
  describe: () => undefined,
  detects: (folder) => [...GRADLE_BUILDS, POM].some((name) => PLUGIN.test(folder.text(name) ?? "")),
  toolchain: async () => (await import("./kotlin-toolchain")).kotlinToolchain,
  project: async () => (await import("./kotlin-project")).kotlinProject,
};
