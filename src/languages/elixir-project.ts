import { pessimisticRequest } from "./declared-versions";
import type { LanguageProject } from "./language-project";
import { groupSpan } from "./manifest-version";
import { declaredNames, moduleTarget, scanImports } from "./scan-imports";

const MANIFEST = "mix.exs";
const LOCK = "mix.lock";
const GRAMMAR = { line: ["#"], longQuotes: ['"""', "'''"], quotes: ['"'] };

/** Projects of Mix. */
export const elixirProject: LanguageProject = {
  inputs: ["$default", "!_build/**", "!deps/**"],
  outputs: ["_build/**"],
  versionFiles: [
    {
      name: MANIFEST,
      read: (text) => {
        const version = /(?:^|[\s,[(])elixir:\s*"([^"\n]+)"/.exec(text)?.[1];
        return version === undefined ? undefined : pessimisticRequest(version);
      },
    },
  ],
  looksFor: [LOCK],
  install: (folder, root) => {
    // An umbrella has one folder of dependencies, at its top.
    const place = /\bapps_path:/.test(root.text(MANIFEST) ?? "") ? root : folder;
    return place.names.has(MANIFEST)
      ? {
          cmds: [["mix", "deps.get"]],
          cwd: place.dir,
          reads: [MANIFEST, LOCK].filter((name) => place.names.has(name)),
          makes: ["deps"],
        }
      : undefined;
  },
  versionIn: (name, text) =>
    name === MANIFEST
      ? (groupSpan(text, /(?:^|[\s,[(])version:\s{0,99}"([^"\n#]+)"/d, GRAMMAR) ??
        groupSpan(text, /^[ \t]*@version[ \t]+"([^"\n#]+)"/dm, GRAMMAR))
      : undefined,
  imports: {
    files: ["**/*.ex", "**/*.exs"],
    scan: (text) =>
      scanImports(text, GRAMMAR, [
        {
          pattern: /^[ \t]*(?:alias|import|use|require)[ (]+([A-Z]\w*(?:\.[A-Z]\w*)*)/dgm,
          target: moduleTarget,
        },
      ]),
    declares: (text) => declaredNames(text, GRAMMAR, /^[ \t]*defmodule[ (]+([A-Z]\w*(?:\.\w+)*)/gm),
  },
};
