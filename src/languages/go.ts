import { resolveFrom } from "#base/path";
import type { Span } from "#base/span";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { onceAFolder } from "./once-a-folder";

const MANIFEST = "go.mod";
const WORKSPACE = "go.work";

/** Modules of a Go workspace. */
export const go: LanguageProvider = {
  name: "go",
  displayName: "Go",
  manifests: [MANIFEST],
  rootManifests: [WORKSPACE],
  foreignFolders: ["vendor"],
  members,
  describe,
  starter: async () => (await import("./go-starter")).goStarter,
  toolchain: async () => (await import("./go-toolchain")).goToolchain,
  project: async () => (await import("./go-project")).goProject,
};

/** What `go.work` uses, and the folders by which modules are replaced. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  const used =
    folder === root
      ? workspaceLines(root).flatMap(({ verb, words }) => (verb === "use" ? (words[0] ?? []) : []))
      : [];
  const replaced = replacements(moduleLines(folder), folder.dir);
  return { folders: [...used, ...[...replaced.values()].map(({ dir }) => dir)] };
}

function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const lines = moduleLines(folder);
  const file = `${folder.dir}/${MANIFEST}`;
  const module = lines.find(({ verb }) => verb === "module");
  const name = module?.words[0];
  if (module === undefined || name === undefined) return undefined;
  const replaced = replacements(lines, folder.dir);
  const everywhere = workspaceReplacements(root);
  const required = lines.filter(({ verb }) => verb === "require");
  return {
    manifest: file,
    name,
    namePlace: { file, span: module.span },
    dependencies: required.flatMap(({ words: [on], span }): DeclaredDependency[] => {
      if (on === undefined) return [];
      const dir = replaced.get(on)?.dir ?? everywhere.get(on)?.dir;
      return [
        dir === undefined
          ? { on: { name: on }, kind: "require", place: { file, span } }
          : { on: { dir }, kind: "replace", place: { file, span: replaced.get(on)?.span ?? span } },
      ];
    }),
    tasks: TASKS.map(([task, description, cmd]): InferredTask => ({
      name: task,
      table: { description, cmd: [...cmd] },
      place: { file },
    })),
  };
}

const moduleLines = onceAFolder((folder) => directives(folder.text(MANIFEST)));
const workspaceLines = onceAFolder((root) => directives(root.text(WORKSPACE)));
const workspaceReplacements = onceAFolder((root) => replacements(workspaceLines(root), root.dir));

const TASKS: readonly (readonly [string, string, readonly string[]])[] = [
  ["build", "Compile the module", ["go", "build", "./..."]],
  ["test", "Run the tests", ["go", "test", "./..."]],
  ["vet", "Look for mistakes", ["go", "vet", "./..."]],
  ["fmt", "Format the code", ["go", "fmt", "./..."]],
];

interface Replacement {
  readonly dir: string;
  readonly span: Span;
}

/** Modules that a folder of the repository stands for: `replace example.com/a v1 => ../a`. */
function replacements(lines: readonly Directive[], dir: string): ReadonlyMap<string, Replacement> {
  const found = new Map<string, Replacement>();
  for (const { verb, words, span } of lines) {
    const target = words[words.indexOf("=>") + 1];
    const [module] = words;
    if (verb !== "replace" || module === undefined || !words.includes("=>") || target === undefined) continue;
    if (/^\.{0,2}\//.test(target)) found.set(module, { dir: resolveFrom(dir, target), span });
  }
  return found;
}

interface Directive {
  readonly verb: string;
  readonly words: readonly string[];
  readonly span: Span;
}

const NONE: readonly Directive[] = [];

/** The lines of a go.mod or go.work file (go.dev/ref/mod, "go.mod files"): blocks in brackets are taken apart. */
function directives(text: string | undefined): readonly Directive[] {
  if (text === undefined) return NONE;
  const found: Directive[] = [];
  let block: string | undefined;
  let at = 0;
  for (const line of text.split("\n")) {
    const start = at + (line.length - line.trimStart().length);
    at += line.length + 1;
    const code = line.replace(/\/\/.*$/, "").trim();
    const words = (code.match(/"[^"]*"|`[^`]*`|[^\s"`]+/g) ?? []).map((word) =>
      word.replaceAll(/^["`]|["`]$/g, ""),
    );
    const [first, second] = words;
    if (first === undefined) continue;
    const opened = second === "(" && words.length === 2 ? first : /^(\w+)\($/.exec(code)?.[1];
    if (block !== undefined && first === ")") block = undefined;
    else if (opened !== undefined) block = opened;
    else
      found.push({
        verb: block ?? first,
        words: block === undefined ? words.slice(1) : words,
        span: { start, end: start + code.length },
      });
  }
  return found;
}
