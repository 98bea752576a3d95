import type { FolderFiles } from "./folder-view";
import type { InstallCommand, LanguageProject } from "./language-project";
import { groupSpan } from "./manifest-version";
import { fileTarget, moduleTarget, scanImports } from "./scan-imports";

const HASH = { line: ["#"] };
const CONAN = ["conanfile.txt", "conanfile.py"];

/** Projects of CMake and Meson. */
export const cppProject: LanguageProject = {
  inputs: ["$default", "!build/**"],
  outputs: ["build/**"],
  versionFiles: [
    {
      name: "CMakeLists.txt",
      read: (text) => {
        const version = /\bcmake_minimum_required\s{0,99}\(\s{0,99}VERSION\s{1,99}(\d+(?:\.\d+)*)/i.exec(
          text,
        )?.[1];
        return version === undefined ? undefined : `>=${version}`;
      },
    },
  ],
  toolNames: ["cmake"],
  install,
  versionIn: (name, text) =>
    name === "CMakeLists.txt"
      ? groupSpan(text, /^[ \t]*project\s{0,99}\([^)]{0,999}?\bVERSION\s{1,99}"?(\d[\w.]*)/dim, HASH)
      : name === "meson.build"
        ? groupSpan(text, /^[ \t]*project\s{0,99}\([^)]{0,999}?\bversion\s{0,99}:\s{0,99}'([^'\n]+)'/dm, HASH)
        : undefined,
  toolInstead: {
    names: ["cpp", "gcc", "clang", "llvm", "cmake", "meson", "ninja"],
    why: "compilers belong to the system",
    instead:
      "ask for 'system' and install it by the system's packages; 'github:Kitware/CMake', 'github:ninja-build/ninja' and 'pypi:meson' are versions of the build tools",
  },
  imports: {
    files: ["**/*.{c,cc,cpp,cxx,h,hh,hpp,hxx,m,mm}"],
    scan: (text) =>
      scanImports(text, { line: ["//"], block: [["/*", "*/"]], quotes: ['"'] }, [
        {
          pattern: /^[ \t]*#[ \t]*(?:include|import)[ \t]*"([ ]+)"/dgm,
          target: (path) => fileTarget(path.startsWith(".") ? path : `./${path}`),
        },
        { pattern: /^[ \t]*#[ \t]*(?:include|import)[ \t]*<([^>\n]+)>/dgm, target: moduleTarget },
      ]),
  },
};

function install(folder: FolderFiles): InstallCommand | undefined {
  const conan = CONAN.find((name) => folder.names.has(name));
  return conan === undefined
    ? undefined
    : {
        cmds: [["conan", "install", ".", "--output-folder=build", "--build=missing"]],
        cwd: folder.dir,
        reads: [conan],
        makes: ["build"],
      };
}
