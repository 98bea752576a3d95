import { resolveFrom } from "#base/path";
import type { FolderFiles } from "./folder-view";
import { onceAFolder } from "./once-a-folder";

export const GRADLE_SETTINGS = ["settings.gradle.kts", "settings.gradle"] as const;

/** The folders of the projects that the settings include, by their Gradle paths (`:core:api`). */
export const gradleProjects = onceAFolder((root): ReadonlyMap<string, string> => {
  const text = scriptCode(firstText(root, GRADLE_SETTINGS) ?? "");
  const folders = includedFolders(text, root.dir);
  for (const [, path = "", value = ""] of text.matchAll(MOVED)) {
    const folder = folderOf(value, root.dir);
    if (folder !== undefined && folders.has(path)) folders.set(path, folder);
  }
  const renamed = new Map<string, string>();
  for (const [, path = "", name = ""] of text.matchAll(RENAMED)) renamed.set(path, name);
  if (renamed.size === 0) return folders;
  return new Map([...folders].map(([path, dir]) => [renamedPath(path, renamed), dir]));
});

/** `include(":core:api")` includes `:core` too (docs.gradle.org, "Settings.include"). */
function includedFolders(text: string, root: string): Map<string, string> {
  const folders = new Map<string, string>();
  const include = /\binclude\b\s*\(?\s*((?:["'][^"'\n]+["']\s*,?\s*)+)/g;
  for (const [, list = ""] of text.matchAll(include))
    for (const [, path = ""] of list.matchAll(/["']([^"'\n]+)["']/g)) {
      const names = path.split(":").filter((name) => name !== "");
      for (let count = 1; count <= names.length; count += 1) {
        const some = names.slice(0, count);
        folders.set(`:${some.join(":")}`, resolveFrom(root, some.join("/")));
      }
    }
  return folders;
}

const MOVED = /\bproject\s*\(\s*["'](:[^"'\n]+)["']\s*\)\s*\.\s*projectDir\s*=\s*([^\n;]+)/g;
const RENAMED = /\bproject\s*\(\s*["'](:[^"'\n]+)["']\s*\)\s*\.\s*name\s*=\s*["']([^"'\n$]+)["']/g;

/** A folder as settings write it: with one text, which begins at the root or is relative to it. */
function folderOf(value: string, root: string): string | undefined {
  const [text, ...others] = [...value.matchAll(/["']([^"'\n]+)["']/g)].map(([, inner = ""]) => inner);
  const path = text?.replace(/^\$(?:\{\s*)?(?:rootProject\.projectDir|rootDir|settingsDir)(?:\s*\})?\//, "");
  return path === undefined || others.length > 0 || path.includes("$") ? undefined : resolveFrom(root, path);
}

/** A project that has another name has another path, and so have those below it. */
function renamedPath(path: string, renamed: ReadonlyMap<string, string>): string {
  const names = path.slice(1).split(":");
  return names
    .map((name, index) => `:${renamed.get(`:${names.slice(0, index + 1).join(":")}`) ?? name}`)
    .join("");
}

export const firstText = (folder: FolderFiles, names: readonly string[]): string | undefined =>
  names.map((name) => folder.text(name)).find((text) => text !== undefined);

/** The text of a script with its comments blanked, so that places stay where they are. */
export const scriptCode = (text: string): string =>
  text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? part.replaceAll(/[^\n]/g, " ") : part,
  );
