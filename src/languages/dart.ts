import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage, MemberList } from "./language-provider";
import { usesFlutter } from "./flutter";
import { isTable, tableAt, textAt, textsAt, valueAt } from "#base/value-at";

const MANIFEST = "pubspec.yaml";
const KINDS = ["dependencies", "dev_dependencies", "dependency_overrides"] as const;

/** Packages of pub, those of Flutter among them (dart.dev/tools/pub/pubspec). */
export const dart: LanguageProvider = {
  name: "dart",
  displayName: "Dart",
  manifests: [MANIFEST],
  marks: ["pubspec.lock", "analysis_options.yaml"],
  foreignFolders: [".dart_tool"],
  members,
  describe,
  starter: async () => (await import("./dart-starter")).dartStarter,
  toolchain: async () => (await import("./dart-toolchain")).dartToolchain,
  project: async () => (await import("./dart-project")).dartProject,
};

function members(folder: FolderFiles): MemberList {
  const paths = dependenciesOf(folder).flatMap(({ on }) => ("dir" in on ? [on.dir] : []));
  return { folders: [...textsAt(folder.value(MANIFEST), "workspace"), ...paths] };
}

function describe(folder: FolderFiles): ManifestPackage | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  const name = textAt(manifest, "name");
  const version = textAt(manifest, "version");
  const program = usesFlutter(folder) ? "flutter" : "dart";
  const hasTests =
    valueAt(manifest, "dev_dependencies", "test") !== undefined ||
    valueAt(manifest, "dev_dependencies", "flutter_test") !== undefined;
  return {
    manifest: file,
    // The root of a workspace that is no package is called `_`.
    ...(name === undefined || name === "_" ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    namePlace: { file },
    dependencies: dependenciesOf(folder),
    tasks: commandTasks(file, [
      ...(hasTests ? [["test", "Run the tests", [program, "test"]] as const] : []),
      ["lint", "Look for mistakes", [program, "analyze"]],
      ["format", "Format the code", ["dart", "format", "."]],
    ]),
  };
}

function dependenciesOf(folder: FolderFiles): readonly DeclaredDependency[] {
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  return KINDS.flatMap((kind) =>
    Object.entries(tableAt(manifest, kind)).map(([name, wanted]): DeclaredDependency => {
      const path = textAt(wanted, "path");
      const place = { file, path: [kind, name] };
      if (path !== undefined) return { on: { dir: resolveFrom(folder.dir, path) }, kind, place };
      // What comes from elsewhere is none of the repository's.
      return { on: { name, accepts: () => !isTable(wanted) }, kind, place };
    }),
  );
}
