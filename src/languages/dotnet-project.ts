import type { Span } from "#base/span";
import type { FolderFiles } from "./folder-view";
import type { InstallCommand, LanguageProject } from "./language-project";
import { jsonOf } from "#base/json-of";
import { textAt } from "#base/value-at";
import { C_GRAMMAR, declaredNames, moduleTarget, scanImports } from "./scan-imports";
import { elementsNamed, xmlElements } from "./xml-elements";

const LOCK = "packages.lock.json";

/** Projects of C#, F# and Visual Basic. */
export const dotnetProject: LanguageProject = {
  inputs: ["$default", "!bin/**", "!obj/**"],
  outputs: ["bin/**", "obj/**"],
  versionFiles: [{ name: "global.json", read: (text) => textAt(jsonOf(text), "sdk", "version") }],
  toolNames: ["dotnet", "dotnet-core"],
  looksFor: [LOCK],
  install,
  versionIn,
  imports: {
    files: ["**/*.{cs,fs,vb}"],
    scan: (text) =>
      scanImports(text, GRAMMAR, [
        {
          pattern:
            /^[ \t]*(?:(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?|open[ \t]+|Imports[ \t]+)([\w.]+)/dgm,
          target: (name) =>
            /^(?:System|Microsoft)(?:\.|$)|^var$/.test(name) ? undefined : moduleTarget(name),
        },
      ]),
    declares: (text) => declaredNames(text, GRAMMAR, /^[ \t]*(?:namespace|Namespace|module)[ \t]+([\w.]+)/gm),
  },
};

const GRAMMAR = {
  ...C_GRAMMAR,
  block: [
    ["/*", "*/"],
    ["(*", "*)"],
  ] as const,
};

function install(folder: FolderFiles): InstallCommand | undefined {
  const projects = [...folder.names].filter((name) => /\.(?:cs|fs|vb)proj$|\.slnx?$/.test(name)).sort();
  if (projects.length === 0) return undefined;
  const isLocked = folder.names.has(LOCK);
  return {
    cmds: [["dotnet", "restore", ...(isLocked ? ["--locked-mode"] : [])]],
    cwd: folder.dir,
    reads: [...projects, ...(isLocked ? [LOCK] : [])],
    makes: ["obj"],
  };
}

function versionIn(name: string, text: string): Span | undefined {
  if (!/\.(?:cs|fs|vb)proj$|\.props$/.test(name)) return undefined;
  const [version] = elementsNamed(xmlElements(text), "Version");
  if (version === undefined || version.text === "" || version.text.includes("$(")) return undefined;
  const start = text.indexOf(version.text, version.end);
  return start < 0 ? undefined : { start, end: start + version.text.length };
}
