import { manifestHead } from "./manifest-head";
import { formatProblem } from "#core/config/formats";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { tableAt, textAt, valueAt } from "#base/value-at";
import type { Table } from "#base/value-at";
import { PHP_FOLDERS } from "./project-folders";

const MANIFEST = "composer.json";

/** Packages of Composer (getcomposer.org/doc/04-schema.md). */
export const php: LanguageProvider = {
  name: "php",
  displayName: "PHP",
  manifests: [MANIFEST],
  marks: ["composer.lock", "phpunit.xml", "phpunit.xml.dist"],
  foreignFolders: ["vendor"],
  folders: PHP_FOLDERS,
  members,
  describe,
  starter: async () => (await import("./php-starter")).phpStarter,
  project: async () => (await import("./php-project")).phpProject,
};

/** Folders that repositories of the kind `path` name. */
function members(folder: FolderFiles): MemberList {
  const listed = valueAt(folder.value(MANIFEST), "repositories");
  const repositories: readonly unknown[] = Array.isArray(listed)
    ? listed
    : Object.values(tableAt(folder.value(MANIFEST), "repositories"));
  return {
    folders: repositories.flatMap((item) =>
      textAt(item, "type") === "path" ? (textAt(item, "url") ?? []) : [],
    ),
  };
}

function describe(folder: FolderFiles): ManifestPackage | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  return {
    ...manifestHead(file, manifest),
    dependencies: ["require", "require-dev"].flatMap((kind) =>
      Object.keys(tableAt(manifest, kind)).flatMap((on): readonly DeclaredDependency[] =>
        on.includes("/") ? [{ on: { name: on }, kind, place: { file, path: [kind, on] } }] : [],
      ),
    ),
    tasks: tasksOf(folder, manifest, file),
  };
}

/** Names of events, at which Composer itself runs what stands there. */
const EVENT =
  /^(?:pre|post)-(?:install|update|status|archive|autoload|root|create|file|package|command|operations|pool|dependencies)\b/;

function tasksOf({ names }: FolderFiles, manifest: Table, file: string): readonly InferredTask[] {
  const descriptions = tableAt(manifest, "scripts-descriptions");
  const scripts = Object.entries(tableAt(manifest, "scripts")).flatMap(
    ([script, value]): readonly InferredTask[] => {
      const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
      const text = lines.filter((line) => typeof line === "string").join(" && ");
      if (text === "" || EVENT.test(script) || formatProblem("task-name", script) !== undefined) return [];
      if (/^\s*zr\s/.test(text)) return [];
      return [
        {
          name: script,
          table: {
            description: textAt(descriptions, script) ?? text,
            cmd: ["composer", "run-script", "--timeout=0", script, "--"],
          },
          place: { file, path: ["scripts", script] },
        },
      ];
    },
  );
  const hasTests = names.has("phpunit.xml") || names.has("phpunit.xml.dist");
  return !hasTests || scripts.some(({ name }) => name === "test")
    ? scripts
    : [
        ...scripts,
        {
          name: "test",
          table: { description: "Run the tests", cmd: ["vendor/bin/phpunit"] },
          place: { file },
        },
      ];
}
