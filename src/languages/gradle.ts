import { resolveFrom } from "#base/path";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, InferredTask, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";

export const GRADLE_BUILDS = ["build.gradle.kts", "build.gradle"] as const;
export const GRADLE_SETTINGS = ["settings.gradle.kts", "settings.gradle"] as const;

/** The folders of the projects that the settings include, by their Gradle paths (`:core:api`). */
export const gradleProjects = onceAFolder((root): ReadonlyMap<string, string> => {
  const text = code(firstText(root, GRADLE_SETTINGS) ?? "");
  const folders = new Map<string, string>();
  const include = /\binclude\b\s*\(?\s*((?:["'][^"'\n]+["']\s*,?\s*)+)/g;
  for (const [, list = ""] of text.matchAll(include))
    for (const [, path = ""] of list.matchAll(/["']([^"'\n]+)["']/g)) {
      const full = path.startsWith(":") ? path : `:${path}`;
      folders.set(full, resolveFrom(root.dir, full.slice(1).replaceAll(":", "/")));
    }
  const moved =
    /\bproject\s*\(\s*["'](:[^"'\n]+)["']\s*\)\s*\.\s*projectDir\s*=\s*(?:new\s+)?[Ff]ile\s*\(\s*(?:(?:settingsDir|rootDir|rootProject\.projectDir)\s*,\s*)?["']([^"'\n]+)["']/g;
  for (const [, path = "", folder = ""] of text.matchAll(moved))
    folders.set(path, resolveFrom(root.dir, folder.replace(/^\$\{?rootDir\}?\//, "")));
  return folders;
});

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
  const text = script === undefined ? "" : code(folder.text(script) ?? "");
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

/** `implementation(project(":core"))`, and `implementation(projects.core)` of typed accessors. */
function references(
  text: string,
  file: string,
  accessors: ReadonlyMap<string, string>,
): readonly DeclaredDependency[] {
  const call =
    /\b(\w+)\s*\(?\s*(?:(?:platform|testFixtures)\s*\(\s*)?(?:project\s*\(\s*(?:path\s*[:=]\s*)?["'](:[^"'\n]+)["']|projects\.([\w.]+))/g;
  return [...text.matchAll(call)].flatMap((match): DeclaredDependency[] => {
    const [whole, kind = "", path, accessor] = match;
    const name = path ?? accessors.get(accessor ?? "");
    if (name === undefined) return [];
    const start = match.index;
    return [{ on: { name }, kind, place: { file, span: { start, end: start + whole.length } } }];
  });
}

const accessorOf = (path: string): string =>
  path
    .slice(1)
    .replaceAll(":", ".")
    .replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());

const firstText = (folder: FolderFiles, names: readonly string[]): string | undefined =>
  names.map((name) => folder.text(name)).find((text) => text !== undefined);

/** The text with its comments blanked, so that places stay where they are. */
const code = (text: string): string =>
  text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? part.replaceAll(/[^\n]/g, " ") : part,
  );

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
