import type { LanguageProject } from "./language-project";
import { groupSpan } from "./manifest-version";
import { fileTarget, packageTarget, scanImports } from "./scan-imports";
import { zigToolchain } from "./zig-toolchain";

const MANIFEST = "build.zig.zon";

/** Packages of Zig. */
export const zigProject: LanguageProject = {
  inputs: ["$default", "!zig-out/**", "!.zig-cache/**"],
  outputs: ["zig-out/**"],
  versionFiles: zigToolchain.versionFiles ?? [],
  install: (folder) =>
    folder.names.has(MANIFEST)
      ? { cmds: [["zig", "build", "--fetch"]], cwd: folder.dir, reads: [MANIFEST], makes: [] }
      : undefined,
  versionIn: (name, text) =>
    name === MANIFEST ? groupSpan(text, /^\s*\.version\s*=\s*"([^"\n]+)"/dm) : undefined,
  imports: {
    files: ["**/*.zig"],
    scan: (text) =>
      scanImports(text, { line: ["//"], quotes: ['"', "'"] }, [
        {
          pattern: /@import\s{0,99}\(\s{0,99}"([ ]+)"/dg,
          target: (name) =>
            name === "std" || name === "builtin" || name === "root"
              ? undefined
              : name.endsWith(".zig") || name.endsWith(".zon")
                ? fileTarget(name)
                : packageTarget(name),
        },
      ]),
  },
};
