import type { LanguageProject } from "./language-project";
import { jsonTextSpan } from "./manifest-version";
import { jsonOf } from "#base/json-of";
import { textAt } from "#base/value-at";
import { declaredNames, fileTarget, moduleTarget, scanImports } from "./scan-imports";
import { soleVersion } from "./sole-version";

const MANIFEST = "composer.json";
const LOCK = "composer.lock";
const GRAMMAR = { line: ["//", "#"], block: [["/*", "*/"]] as const, quotes: ['"', "'"] };

/** Packages of Composer. */
export const phpProject: LanguageProject = {
  inputs: ["$default"],
  outputs: [],
  versionFiles: [
    { name: ".php-version", read: (text) => soleVersion(text) },
    {
      name: MANIFEST,
      read: (text) =>
        textAt(jsonOf(text), "config", "platform", "php") ?? textAt(jsonOf(text), "require", "php"),
    },
  ],
  looksFor: [LOCK],
  install: (folder) =>
    folder.names.has(MANIFEST)
      ? {
          cmds: [["composer", "install", "--no-interaction"]],
          cwd: folder.dir,
          reads: [MANIFEST, LOCK].filter((name) => folder.names.has(name)),
          makes: ["vendor"],
        }
      : undefined,
  versionIn: (name, text) => (name === MANIFEST ? jsonTextSpan(text, ["version"]) : undefined),
  toolInstead: {
    names: ["php"],
    why: "its makers publish no programs for Linux and macOS",
    instead: "ask for 'system' and install it by the system's packages",
  },
  imports: {
    files: ["**/*.php"],
    scan: (text) =>
      scanImports(text, GRAMMAR, [
        {
          pattern: /^[ \t]*use[ \t]+(?:function[ \t]+|const[ \t]+)?\\?([A-Za-z_]\w*(?:\\\w+)*)/dgm,
          target: moduleTarget,
        },
        {
          pattern: /\b(?:require|include)(?:_once)?[ \t(]+(?:__DIR__[ \t]*\.[ \t]*)?["']([ ]+)["']/dg,
          target: (path) => fileTarget(path.startsWith("/") ? `.${path}` : path),
        },
      ]),
    declares: (text) => declaredNames(text, GRAMMAR, /^[ \t]*namespace[ \t]+([\w\\]+)/gm),
  },
};
