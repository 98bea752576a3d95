import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { maskSource } from "./source-mask";

const BUILD = "build.zig";
const MANIFEST = "build.zig.zon";

/** Packages of Zig. */
export const zig: LanguageProvider = {
  name: "zig",
  displayName: "Zig",
  manifests: [BUILD, MANIFEST],
  foreignFolders: ["zig-cache", ".zig-cache", "zig-out", "zig-pkg"],
  members: (folder) => ({
    folders: dependenciesOf(folder).flatMap(({ on }) => ("dir" in on ? [on.dir] : [])),
  }),
  describe,
  starter: async () => (await import("./zig-starter")).zigStarter,
  toolchain: async () => (await import("./zig-toolchain")).zigToolchain,
  project: async () => (await import("./zig-project")).zigProject,
};

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const manifest = [MANIFEST, BUILD].find((name) => folder.names.has(name));
  if (manifest === undefined) return undefined;
  const file = `${folder.dir}/${manifest}`;
  const text = folder.text(MANIFEST) ?? "";
  // Before 0.14 a text, since then a name of Zig.
  const name = /^\s*\.name\s*=\s*(?:"([^"\n]+)"|\.(?:@"([^"\n]+)"|(\w+)))/m.exec(text);
  const named = name?.[1] ?? name?.[2] ?? name?.[3];
  const version = /^\s*\.version\s*=\s*"([^"\n]+)"/m.exec(text)?.[1];
  return {
    manifest: file,
    ...(named === undefined ? {} : { name: named }),
    ...(version === undefined ? {} : { version }),
    namePlace: {
      file,
      ...(name === null ? {} : { span: { start: name.index, end: name.index + name[0].length } }),
    },
    dependencies: dependenciesOf(folder),
    tasks: folder.names.has(BUILD)
      ? commandTasks(`${folder.dir}/${BUILD}`, steps(folder.text(BUILD) ?? ""))
      : [],
  };
}

/** Dependencies by folder: `.path = "../lib"`. */
const dependenciesOf = onceAFolder((folder): readonly DeclaredDependency[] => {
  const text = folder.text(MANIFEST) ?? "";
  const file = `${folder.dir}/${MANIFEST}`;
  const code = maskSource(text, { line: ["//"], quotes: ['"'] });
  return [...code.matchAll(/\.path\s{0,99}=\s{0,99}"([ ]+)"/dg)].flatMap(
    (match): readonly DeclaredDependency[] => {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      const path = text.slice(start, end);
      return [
        { on: { dir: resolveFrom(folder.dir, path) }, kind: "path", place: { file, span: { start, end } } },
      ];
    },
  );
});

/** The steps that a build script names: `b.step("run", "Run the app")`. A plain build installs. */
function steps(text: string): readonly (readonly [string, string, readonly string[]])[] {
  const named = [...text.matchAll(/\.step\(\s{0,99}"([^"\n]+)"\s{0,99},\s{0,99}"([^"\n]*)"/g)].map(
    ([, name = "", description = ""]) => [name, description, ["zig", "build", name]] as const,
  );
  return [
    ...(named.some(([name]) => name === "build")
      ? []
      : [["build", "Build and install", ["zig", "build"]] as const]),
    ...named,
    ["fmt", "Format the code", ["zig", "fmt", "."]],
  ];
}
