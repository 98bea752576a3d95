import { GRADLE_BUILDS, gradleProject } from "./gradle";
import { GRADLE_SETTINGS, gradleProjects } from "./gradle-settings";
import type { LanguageProvider } from "./language-provider";
import { mavenModules, mavenProject, POM } from "./maven";

/** Projects of Maven and Gradle. */
export const java: LanguageProvider = {
  name: "java",
  displayName: "Java",
  manifests: [POM, ...GRADLE_BUILDS],
  rootManifests: GRADLE_SETTINGS,
  marks: ["mvnw", "gradlew"],
  foreignFolders: [".gradle"],
  members: (folder, root) => ({
    folders: [...mavenModules(folder), ...(folder === root ? gradleProjects(root).values() : [])],
  }),
  describe: (folder, root) => mavenProject(folder, root) ?? gradleProject(folder, root),
  starter: async () => (await import("./java-starter")).javaStarter,
  toolchain: async () => (await import("./java-toolchain")).javaToolchain,
  project: async () => (await import("./java-project")).javaProject,
};
