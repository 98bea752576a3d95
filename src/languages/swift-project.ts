import type { LanguageProject } from "./language-project";
import { packageTarget, scanImports } from "./scan-imports";
import { soleVersion } from "./sole-version";

const MANIFEST = "Package.swift";
const LOCK = "Package.resolved";

/** Packages of the Swift package manager. Their versions are tags: no manifest has them. */
export const swiftProject: LanguageProject = {
  inputs: ["$default", "!.build/**"],
  outputs: [".build/release/**"],
  versionFiles: [
    { name: ".swift-version", read: (text) => soleVersion(text) },
    {
      name: MANIFEST,
      read: (text) => {
        const version = /^\/\/\s*swift-tools-version\s*:\s*(\d+(?:\.\d+)*)/m.exec(text)?.[1];
        return version === undefined ? undefined : `>=${version}`;
      },
    },
  ],
  looksFor: [LOCK],
  install: (folder) =>
    folder.names.has(MANIFEST)
      ? {
          cmds: [["swift", "package", "resolve"]],
          cwd: folder.dir,
          reads: [MANIFEST, LOCK].filter((name) => folder.names.has(name)),
          makes: [],
        }
      : undefined,
  toolInstead: {
    names: ["swift"],
    why: "its archives are signed, and no digests of them are published",
    instead: "ask for 'system' and install it by swiftly, or give a `url` and the `sha256` of an archive",
  },
  imports: {
    files: ["**/*.swift"],
    scan: (text) =>
      scanImports(
        text,
        { line: ["//"], block: [["/*", "*/"]], nests: true, longQuotes: ['"""'], quotes: ['"'] },
        [
          {
            pattern:
              /^[ \t]*(?:@\w+[ \t]+)?(?:(?:public|internal|private|package|fileprivate)[ \t]+)?import[ \t]+(?:(?:struct|class|enum|protocol|typealias|func|let|var)[ \t]+)?(\w+)/dgm,
            target: (name) =>
              /^(?:Foundation|Swift|Dispatch|XCTest|Testing)$/.test(name) ? undefined : packageTarget(name),
          },
        ],
      ),
  },
};
