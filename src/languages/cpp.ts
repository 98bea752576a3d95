import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { LanguageProvider, ManifestPackage, MemberList } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { maskSource } from "./source-mask";

const CMAKE = "CMakeLists.txt";
const MESON = "meson.build";

/** Projects of CMake and Meson. What only make builds is seen by another provider. */
export const cpp: LanguageProvider = {
  name: "cpp",
  displayName: "C/C++",
  manifests: [CMAKE, MESON],
  marks: ["CMakePresets.json", "conanfile.txt", "conanfile.py", "vcpkg.json", ".clang-format"],
  foreignFolders: ["CMakeFiles", "_deps"],
  members,
  describe,
  starter: async () => (await import("./cpp-starter")).cppStarter,
  project: async () => (await import("./cpp-project")).cppProject,
};

/** A folder below a project is a part of it, whether it could be built alone or not. */
function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const isPart = folder !== root && (cmakeProject(root) ?? mesonProject(root)) !== undefined;
  return isPart ? undefined : (cmakeProject(folder) ?? mesonProject(folder));
}

/** The text of a build script without its comments. */
const cmakeCode = onceAFolder((folder) => withoutComments(folder.text(CMAKE) ?? "", '"'));
const mesonCode = onceAFolder((folder) => withoutComments(folder.text(MESON) ?? "", "'"));

const withoutComments = (text: string, quote: string): string =>
  maskSource(text, { line: ["#"], quotes: [quote], keepsTexts: true });

/** Folders that a project adds; those with a project of their own are packages. */
function members(folder: FolderFiles): MemberList {
  const cmake = [...cmakeCode(folder).matchAll(/\badd_subdirectory\s{0,99}\(\s{0,99}"?([^\s")$]+)"?/gi)];
  const meson = [...mesonCode(folder).matchAll(/\bsubdir\s{0,99}\(\s{0,99}'([^'\n]+)'/g)];
  return { folders: [...cmake, ...meson].map(([, path = ""]) => resolveFrom(folder.dir, path)) };
}

/** `project(name VERSION 1.2 …)`; a script without one is a part of another project. */
function cmakeProject(folder: FolderFiles): ManifestPackage | undefined {
  const code = cmakeCode(folder);
  const match = /^[ \t]*project\s{0,99}\(\s{0,99}"?([^\s")]{1,999})"?([^)]{0,999})/im.exec(code);
  if (match?.[1]?.includes("$") === true) return undefined;
  const hasTests = /\b(?:enable_testing\s*\(|include\s*\(\s*CTest\b)/i.test(code);
  return projectOf(`${folder.dir}/${CMAKE}`, {
    match,
    version: /\bVERSION\s+"?(\d[\w.]*)/i.exec(match?.[2] ?? "")?.[1],
    tasks: [
      ["configure", "Prepare the build folder", ["cmake", "-S", ".", "-B", "build"]],
      ["build", "Compile the project", ["cmake", "--build", "build"]],
      ...(hasTests
        ? [["test", "Run the tests", ["ctest", "--test-dir", "build", "--output-on-failure"]] as const]
        : []),
    ],
  });
}

/** `project('name', 'c', version: '1.2')`. */
function mesonProject(folder: FolderFiles): ManifestPackage | undefined {
  const match = /^[ \t]*project\s{0,99}\(\s{0,99}'([^'\n]{1,999})'([^)]{0,999})/m.exec(mesonCode(folder));
  return projectOf(`${folder.dir}/${MESON}`, {
    match,
    version: /\bversion\s*:\s*'([^'\n]+)'/.exec(match?.[2] ?? "")?.[1],
    tasks: [
      ["configure", "Prepare the build folder", ["meson", "setup", "build"]],
      ["build", "Compile the project", ["meson", "compile", "-C", "build"]],
      ["test", "Run the tests", ["meson", "test", "-C", "build"]],
    ],
  });
}

/** What a build script says of its project. */
interface BuildScript {
  /** Where it names the project; the first group is the name. */
  readonly match: RegExpExecArray | null;
  readonly version: string | undefined;
  readonly tasks: Parameters<typeof commandTasks>[1];
}

/** The package of a build script; undefined where that names no project. */
function projectOf(file: string, { match, version, tasks }: BuildScript): ManifestPackage | undefined {
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  return {
    manifest: file,
    name,
    ...(version === undefined ? {} : { version }),
    namePlace: { file, span: { start: match.index, end: match.index + match[0].length } },
    dependencies: [],
    tasks: commandTasks(file, tasks).map((task) => ({
      ...task,
      table: { ...task.table, ...needs(task.name) },
    })),
  };
}

const needs = (name: string): { readonly deps?: string[] } =>
  name === "build" ? { deps: ["configure"] } : name === "test" ? { deps: ["build"] } : {};
