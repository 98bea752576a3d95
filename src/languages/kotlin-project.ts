import { GRADLE_BUILDS } from "./gradle";
import { javaProject } from "./java-project";
import { jvmImports } from "./jvm-imports";
import type { LanguageProject } from "./language-project";

const PLUGIN =
  /\bkotlin\s*\(\s*["'][\w.-]+["']\s*\)\s*version\s*["']([\d.]+)["']|\borg\.jetbrains\.kotlin[\w.]*["']\s*\)?\s*version\s*["']([\d.]+)["']/;

/** Projects of Kotlin: those of the build tool, with sources of their own. */
export const kotlinProject: LanguageProject = {
  ...javaProject,
  versionFiles: GRADLE_BUILDS.map((name) => ({
    name,
    read: (text) => {
      const match = PLUGIN.exec(text);
      return match?.[1] ?? match?.[2];
    },
  })),
  toolNames: ["kotlin"],
  imports: jvmImports(["**/*.kt", "**/*.kts"]),
};
