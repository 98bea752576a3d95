import { cppProject } from "./cpp-project";
import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";

/** What a written configuration says of the tasks of CMake and Meson. */
export const cppStarter: LanguageStarter = plainStarter({
  name: "cpp",
  globalInputs: ["CMakePresets.json", ".clang-format", ".clang-tidy", "conanfile.*", "vcpkg.json"],
  cached: [],
  project: cppProject,
});
