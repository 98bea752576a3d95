import type { Span } from "#base/span";
import { GRADLE_BUILDS } from "./gradle";
import type { FolderFiles } from "./folder-view";
import type { InstallCommand, LanguageProject } from "./language-project";
import { javaToolchain } from "./java-toolchain";
import { jvmImports } from "./jvm-imports";
import { groupSpan } from "./manifest-version";
import { POM } from "./maven";
import { maskSource } from "./source-mask";
import { xmlElements } from "./xml-elements";

const GRADLE_PROPERTIES = "gradle.properties";

/** Projects of Maven and Gradle. */
export const javaProject: LanguageProject = {
  inputs: ["$default", "!build/**", "!target/**"],
  outputs: ["build/libs/**", "target/*.jar"],
  versionFiles: javaToolchain.versionFiles ?? [],
  toolNames: ["java"],
  looksFor: [GRADLE_PROPERTIES],
  install,
  versionIn: gradleOrMavenVersion,
  imports: jvmImports(["**/*.java"]),
};

/** Everything is resolved from the root, which knows its parts. */
function install(folder: FolderFiles, root: FolderFiles): InstallCommand | undefined {
  const byMaven = [root, folder].find(({ names }) => names.has(POM));
  if (byMaven !== undefined)
    return {
      cmds: [[byMaven.names.has("mvnw") ? "./mvnw" : "mvn", "-B", "dependency:go-offline"]],
      cwd: byMaven.dir,
      reads: [POM],
      makes: [],
    };
  const place = root.names.has("gradlew") ? root : folder;
  const scripts = GRADLE_BUILDS.filter((name) => place.names.has(name));
  if (scripts.length === 0 && place === folder) return undefined;
  return {
    cmds: [[place.names.has("gradlew") ? "./gradlew" : "gradle", "dependencies"]],
    cwd: place.dir,
    reads: scripts,
    makes: [],
  };
}

/** `<version>` of the project itself, or `version = "…"`; one that is put together from others is none. */
function gradleOrMavenVersion(name: string, text: string): Span | undefined {
  if (name === POM) return mavenVersion(text);
  if (name === GRADLE_PROPERTIES) return groupSpan(text, /^[ \t]*version[ \t]*=[ \t]*([^\s$]+)[ \t]*$/dm);
  if (!GRADLE_BUILDS.some((script) => script === name)) return undefined;
  const code = maskSource(text, { line: ["//"], block: [["/*", "*/"]], quotes: ['"', "'"] });
  const span = groupSpan(code, /^[ \t]*version[ \t]*=?[ \t]*["']([ ]+)["']/dm);
  return span === undefined || text.slice(span.start, span.end).includes("$") ? undefined : span;
}

function mavenVersion(text: string): Span | undefined {
  const project = xmlElements(text).find((element) => element.name === "project");
  const version = project?.children.find((element) => element.name === "version");
  if (version === undefined || version.text === "" || version.text.includes("${")) return undefined;
  const start = text.indexOf(version.text, version.end);
  return start < 0 ? undefined : { start, end: start + version.text.length };
}
