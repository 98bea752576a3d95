import type { FolderFiles } from "./folder-view";
import type { FoundImport, ImportTarget, InstallCommand, LanguageProject } from "./language-project";
import { goToolchain } from "./go-toolchain";
import { fileTarget, packageTarget } from "./scan-imports";
import { maskSource } from "./source-mask";

const MANIFEST = "go.mod";

/** Modules of Go. Their versions are tags of the repository: no manifest has them. */
export const goProject: LanguageProject = {
  inputs: ["$default"],
  outputs: ["bin/**"],
  versionFiles: goToolchain.versionFiles ?? [],
  toolNames: ["golang", "go"],
  looksFor: ["go.sum"],
  install,
  imports: { files: ["**/*.go"], scan },
};

function install(folder: FolderFiles): InstallCommand | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const reads = [MANIFEST, "go.sum"].filter((name) => folder.names.has(name));
  return { cmds: [["go", "mod", "download"]], cwd: folder.dir, reads, makes: [] };
}

const GRAMMAR = { line: ["//"], block: [["/*", "*/"]] as const, quotes: ['"', "'"], longQuotes: ["`"] };
const SINGLE = /^[ \t]*import[ \t]+(?:[\w.]+[ \t]+)?["`]([ ]+)["`]/dgm;
const BLOCK = /^[ \t]*import[ \t]*\(([^()]*)\)/dgm;
const IN_BLOCK = /["`]([ ]+)["`]/dg;

/** Import declarations, alone and in brackets (go.dev/ref/spec, "Import declarations"). */
function scan(text: string): readonly FoundImport[] {
  const code = maskSource(text, GRAMMAR);
  const places = [...code.matchAll(SINGLE)].map((match) => match.indices?.[1] ?? [0, 0]);
  for (const block of code.matchAll(BLOCK)) {
    const at = block.indices?.[1]?.[0] ?? 0;
    for (const match of (block[1] ?? "").matchAll(IN_BLOCK)) {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      places.push([at + start, at + end]);
    }
  }
  return places
    .sort(([a = 0], [b = 0]) => a - b)
    .flatMap(([start = 0, end = 0]): readonly FoundImport[] => {
      const specifier = text.slice(start, end);
      return specifier === "" ? [] : [{ specifier, span: { start, end }, target: meaningOf(specifier) }];
    });
}

/** A package belongs to the module whose path is the longest beginning of its own. */
function meaningOf(specifier: string): ImportTarget {
  if (/^\.{1,2}\//.test(specifier)) return fileTarget(specifier);
  const parts = specifier.split("/");
  return packageTarget(...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")));
}
