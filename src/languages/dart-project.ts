import { usesFlutter } from "./flutter";
import type { LanguageProject } from "./language-project";
import { groupSpan } from "./manifest-version";
import { fileTarget, packageTarget, scanImports } from "./scan-imports";

const MANIFEST = "pubspec.yaml";
const LOCK = "pubspec.lock";

/** Packages of pub. */
export const dartProject: LanguageProject = {
  inputs: ["$default", "!.dart_tool/**", "!build/**"],
  outputs: ["build/**"],
  versionFiles: [
    {
      name: MANIFEST,
      read: (text) => /^environment:\s*\n(?:[ \t]+[^\n]*\n)*?[ \t]+sdk:\s*["']?([^"'\n#]+)/m.exec(text)?.[1],
    },
  ],
  looksFor: [LOCK],
  install: (folder, root) => {
    // Members of a workspace are resolved together, wherever the command is given.
    const place =
      /^resolution:\s*workspace\b/m.test(folder.text(MANIFEST) ?? "") && root.names.has(MANIFEST)
        ? root
        : folder;
    return place.names.has(MANIFEST)
      ? {
          cmds: [[usesFlutter(folder) ? "flutter" : "dart", "pub", "get"]],
          cwd: place.dir,
          reads: [MANIFEST, LOCK].filter((name) => place.names.has(name)),
          makes: [".dart_tool"],
        }
      : undefined;
  },
  versionIn: (name, text) =>
    name === MANIFEST ? groupSpan(text, /^version:[ \t]*["']?([0-9][^\s"'#]*)/dm) : undefined,
  imports: {
    files: ["**/*.dart"],
    scan: (text) =>
      scanImports(
        text,
        { line: ["//"], block: [["/*", "*/"]], nests: true, longQuotes: ['"""', "'''"], quotes: ['"', "'"] },
        [
          {
            pattern: /^[ \t]*(?:import|export|part)[ \t]+(?:augment[ \t]+)?["']([ ]+)["']/dgm,
            target: (uri) => {
              if (uri.startsWith("dart:")) return undefined;
              const name = /^package:([^/]+)/.exec(uri)?.[1];
              return name === undefined
                ? fileTarget(uri.startsWith(".") ? uri : `./${uri}`)
                : packageTarget(name);
            },
          },
        ],
      ),
  },
};
