import type { FolderFiles } from "./folder-view";
import { firstText, GRADLE_SETTINGS, gradleProjects, scriptCode } from "./gradle-settings";
import type { DeclaredDependency, InferredTask, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";

export const GRADLE_BUILDS = ["build.gradle.kts", "build.gradle"] as const;

/** Gradle paths by folder, and by the names of typed accessors: `:core-api:web` is `coreApi.web`. */
const gradleNames = onceAFolder((root) => {
  const projects = [...gradleProjects(root)];
  return {
    byFolder: new Map(projects.map(([path, dir]) => [dir, path])),
    byAccessor: new Map(projects.map(([path]) => [accessorOf(path), path])),
  };
});

/** What a build script says about its project. Scripts are programs; only what they write out plainly is seen. */
export function gradleProject(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const script = GRADLE_BUILDS.find((name) => folder.names.has(name));
  const settings = folder === root ? GRADLE_SETTINGS.find((name) => folder.names.has(name)) : undefined;
  const manifest = script ?? settings;
  if (manifest === undefined) return undefined;
  const file = `${folder.dir}/${manifest}`;
  const text = script === undefined ? "" : scriptCode(folder.text(script) ?? "");
  const names = gradleNames(root);
  const path = names.byFolder.get(folder.dir);
  const version = /^\s*version\s*=?\s*["']([^"'\n]+)["']/m.exec(text)?.[1];
  const rootName =
    folder === root
      ? /\brootProject\.name\s*=\s*["']([^"'\n]+)["']/.exec(firstText(root, GRADLE_SETTINGS) ?? "")?.[1]
      : undefined;
  return {
    manifest: file,
    ...(rootName === undefined ? {} : { name: rootName }),
    ...(path === undefined ? {} : { ids: [path] }),
    ...(version === undefined ? {} : { version }),
    namePlace: { file },
    dependencies: references(text, file, names.byAccessor),
    tasks: tasksOf(file, path, root),
  };
}

/**
 * `implementation(project(":core"))`, also with the configuration in quotes or as `add("implementation", …)`, within a
 * list, and `implementation(projects.core)` of typed accessors.
 */
function references(
  text: string,
  file: string,
  accessors: ReadonlyMap<string, string>,
): readonly DeclaredDependency[] {
  return [...text.matchAll(REFERENCE)].flatMap((match): DeclaredDependency[] => {
    const [whole, added, before, path, accessor] = match;
    const name = path ?? byAccessor(accessor ?? "", accessors);
    if (name === undefined) return [];
    const start = match.index;
    const kind = added ?? before ?? statementWord(text, start);
    return [{ on: { name }, kind, place: { file, span: { start, end: start + whole.length } } }];
  });
}

/** The word that the statement around a part of a list begins with: lines that end in a comma or bracket go on. */
function statementWord(text: string, at: number): string {
  let start = text.lastIndexOf("\n", at - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (!/[,([][^\S\n]*$/.test(text.slice(above, start - 1))) break;
    start = above;
  }
  const word = /^\s*["']?(\w+)/.exec(text.slice(start, at))?.[1];
  return word === undefined || /^(?:val|var|def)$/.test(word) ? "project" : word;
}

const REFERENCE = new RegExp(
  [
    // What takes the dependency, and what wraps it.
    /(?:\badd\s*\(?\s*["'](\w+)["']\s*,|["']?\b(\w+)["']?[^\S\n]*(?:\(|[^\S\n])|[,=[])\s*/,
    /(?:(?:platform|enforcedPlatform|testFixtures)\s*\(\s*)?/,
    // The project: `project(":core")`, `project(path: ":core")`, `project(configuration: "x", path: ":core")`.
    /(?:project\s*\(\s*(?:(?:\w+\s*[:=]\s*["'][^"'\n]*["']\s*,\s*)?path\s*[:=]\s*)?["'](:[^"'\n]+)["'](?:\s*,\s*(?:\w+\s*[:=]\s*)?["'][^"'\n]*["'])?|projects\.([\w.]+))/,
  ]
    .map(({ source }) => source)
    .join(""),
  "g",
);

/** Behind the name of a project may stand one of its properties. */
function byAccessor(accessor: string, accessors: ReadonlyMap<string, string>): string | undefined {
  return accessors.get(accessor) ?? accessors.get(accessor.replace(/\.\w+$/, ""));
}

const accessorOf = (path: string): string =>
  path
    .slice(1)
    .replaceAll(":", ".")
    .replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());

const NAMES: readonly (readonly [string, string])[] = [
  ["build", "Build and test the project"],
  ["test", "Run the tests"],
  ["check", "Run all checks"],
  ["clean", "Remove what was built"],
];

/** Everything is run from the root, whose settings know the projects. */
function tasksOf(file: string, path: string | undefined, root: FolderFiles): readonly InferredTask[] {
  const program = root.names.has("gradlew") ? "./gradlew" : "gradle";
  return NAMES.map(([name, description]) => ({
    name,
    table: {
      description,
      cmd: [program, path === undefined ? name : `${path}:${name}`],
      ...(path === undefined ? {} : { cwd: "//" }),
    },
    place: { file },
  }));
}
