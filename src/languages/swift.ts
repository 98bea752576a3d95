import { basename, resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { maskSource } from "./source-mask";

const MANIFEST = "Package.swift";

/** Packages of the Swift package manager. */
export const swift: LanguageProvider = {
  name: "swift",
  displayName: "Swift",
  manifests: [MANIFEST],
  foreignFolders: [".build", ".swiftpm"],
  members: (folder) => ({
    folders: dependenciesOf(folder).flatMap(({ on }) => ("dir" in on ? [on.dir] : [])),
  }),
  describe,
  starter: async () => (await import("./swift-starter")).swiftStarter,
  project: async () => (await import("./swift-project")).swiftProject,
};

const GRAMMAR = {
  line: ["//"],
  block: [["/*", "*/"]] as const,
  nests: true,
  longQuotes: ['"""'],
  quotes: ['"'],
};

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const text = folder.text(MANIFEST);
  if (text === undefined) return undefined;
  const file = `${folder.dir}/${MANIFEST}`;
  const named = /\bPackage\s{0,99}\(\s{0,999}name\s{0,99}:\s{0,99}"([ ]+)"/d.exec(maskSource(text, GRAMMAR))
    ?.indices?.[1];
  const name = named === undefined ? undefined : text.slice(named[0], named[1]);
  const hasTests = /\.testTarget\s*\(/.test(text);
  const hasProgram = /\.executableTarget\s*\(/.test(text);
  return {
    manifest: file,
    ...(name === undefined ? {} : { name }),
    // Others know it by its folder.
    ids: [...new Set([basename(folder.dir), ...(name === undefined ? [] : [name])])],
    namePlace: { file, ...(named === undefined ? {} : { span: { start: named[0], end: named[1] } }) },
    dependencies: dependenciesOf(folder),
    tasks: commandTasks(file, [
      ["build", "Compile the package", ["swift", "build"]],
      ...(hasTests ? [["test", "Run the tests", ["swift", "test"]] as const] : []),
      ...(hasProgram ? [["run", "Run the program", ["swift", "run"]] as const] : []),
    ]),
  };
}

/** `.package(path: "../Core")`, maybe with a name in front. */
const dependenciesOf = onceAFolder((folder): readonly DeclaredDependency[] => {
  const text = folder.text(MANIFEST) ?? "";
  const file = `${folder.dir}/${MANIFEST}`;
  const call =
    /\.package\s{0,99}\(\s{0,99}(?:name\s{0,99}:\s{0,99}"[ ]*"\s{0,99},\s{0,99})?path\s{0,99}:\s{0,99}"([ ]+)"/dg;
  return [...maskSource(text, GRAMMAR).matchAll(call)].map((match): DeclaredDependency => {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return {
      on: { dir: resolveFrom(folder.dir, text.slice(start, end)) },
      kind: "package",
      place: { file, span: { start, end } },
    };
  });
});
