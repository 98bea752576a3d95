import type { FolderFiles } from "./folder-view";
import type { FoundImport, ImportTarget, InstallCommand, LanguageProject } from "./language-project";
import { tomlTextSpan } from "./manifest-version";
import { isTable, tableAt, textsAt, valueAt } from "#base/value-at";
import type { Table } from "#base/value-at";
import { normalName } from "./python-names";
import { pythonToolchain } from "./python-toolchain";
import { fileTarget, packageTarget } from "./scan-imports";
import { maskSource } from "./source-mask";

const MANIFEST = "pyproject.toml";
const REQUIREMENTS = "requirements.txt";
/** What is needed to work on the project. */
const DEV_REQUIREMENTS = ["requirements-dev.txt", "dev-requirements.txt"];
const ENVIRONMENT = ".venv";

/** Projects of uv, Poetry, PDM, and of pip alone. */
export const pythonProject: LanguageProject = {
  inputs: ["$default", "!**/__pycache__/**"],
  outputs: ["dist/**"],
  versionFiles: pythonToolchain.versionFiles ?? [],
  looksFor: [REQUIREMENTS, ...DEV_REQUIREMENTS],
  install,
  versionIn: (name, text) =>
    name === MANIFEST
      ? (tomlTextSpan(text, ["project", "version"]) ?? tomlTextSpan(text, ["tool", "poetry", "version"]))
      : undefined,
  imports: { files: ["**/*.py", "**/*.pyi"], scan },
};

const SYNC: Readonly<Record<string, readonly string[]>> = {
  uv: ["uv", "sync"],
  poetry: ["poetry", "install"],
  pdm: ["pdm", "install"],
};

function install(folder: FolderFiles, root: FolderFiles): InstallCommand | undefined {
  const manifest = folder.value(MANIFEST);
  const tool = Object.keys(SYNC).find(
    (name) => isTable(valueAt(manifest, "tool", name)) || folder.names.has(`${name}.lock`),
  );
  // A uv workspace has one lock file and one environment, at its root.
  const isOfWorkspace = folder !== root && tool !== "poetry" && tool !== "pdm" && root.names.has("uv.lock");
  const place = isOfWorkspace ? root : folder;
  const manager = isOfWorkspace ? "uv" : tool;
  const words = manager === undefined ? undefined : SYNC[manager];
  if (words !== undefined && manager !== undefined)
    return {
      cmds: [isOfWorkspace ? [...words, "--all-packages"] : words],
      cwd: place.dir,
      reads: [MANIFEST, `${manager}.lock`].filter((name) => place.names.has(name)),
      makes: manager === "poetry" ? [] : [ENVIRONMENT],
    };
  return withPip(folder);
}

const PIP_INSTALL = ["python3", "-m", "pip", "--python", ENVIRONMENT, "install"];

/** An environment of the project's own, filled by pip, as many systems let nobody install into theirs. */
function withPip(folder: FolderFiles): InstallCommand | undefined {
  const lists = [REQUIREMENTS, ...DEV_REQUIREMENTS].filter((name) => folder.names.has(name));
  const manifest = folder.value(MANIFEST);
  const hasList = lists.includes(REQUIREMENTS);
  if (!hasList && !isTable(valueAt(manifest, "project"))) return undefined;
  return {
    cmds: [
      ["python3", "-m", "venv", ENVIRONMENT],
      [
        ...PIP_INSTALL,
        ...(hasList ? [] : ["-e", projectWithExtras(manifest)]),
        ...lists.flatMap((name) => ["-r", name]),
        ...(hasList
          ? []
          : namesWithTools(tableAt(manifest, "dependency-groups")).flatMap((name) => ["--group", name])),
      ],
    ],
    cwd: folder.dir,
    reads: [...(hasList ? [] : [MANIFEST]), ...lists],
    makes: [ENVIRONMENT],
  };
}

/** The project with those of its extras without which its tasks would find no programs: `.[dev,test]`. */
function projectWithExtras(manifest: Table): string {
  const extras = namesWithTools(tableAt(manifest, "project", "optional-dependencies"));
  return extras.length === 0 ? "." : `.[${extras.join(",")}]`;
}

/** Programs that the tasks of a project run. */
const TASK_TOOLS = /^(?:pytest|ruff|mypy)(?![\w-])/i;

const namesWithTools = (lists: Table): readonly string[] =>
  Object.keys(lists).filter((name) =>
    textsAt(lists, name).some((requirement) => TASK_TOOLS.test(requirement)),
  );

const GRAMMAR = { line: ["#"], longQuotes: ['"""', "'''"], quotes: ['"', "'"] };
const FROM = /^[ \t]*from[ \t]+([.\w]+)[ \t]+import\b/dgm;
const IMPORT = /^[ \t]*import[ \t]+([^\n;]+)/dgm;

/** `import a.b as c, d` and `from ..a import b` (docs.python.org, "The import statement"). */
function scan(text: string): readonly FoundImport[] {
  const code = maskSource(text, GRAMMAR);
  const found: FoundImport[] = [];
  const add = (specifier: string, start: number): void => {
    if (/^(?:\.+)?(?:\w+(?:\.\w+)*)?$/.test(specifier) && specifier !== "")
      found.push({ specifier, span: { start, end: start + specifier.length }, target: meaningOf(specifier) });
  };
  for (const match of code.matchAll(FROM)) add(match[1] ?? "", match.indices?.[1]?.[0] ?? 0);
  for (const match of code.matchAll(IMPORT)) {
    let at = match.indices?.[1]?.[0] ?? 0;
    for (const part of (match[1] ?? "").split(",")) {
      const lead = part.length - part.trimStart().length;
      add(part.trim().split(/\s/, 1)[0] ?? "", at + lead);
      at += part.length + 1;
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** One dot is the folder of the file, each further one the folder above. Distributions may be named by more parts. */
function meaningOf(specifier: string): ImportTarget {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const parts = specifier.slice(dots).split(".");
  if (dots > 0)
    return fileTarget(
      [
        dots === 1
          ? "."
          : Array<string>(dots - 1)
              .fill("..")
              .join("/"),
        ...parts,
      ]
        .filter((part) => part !== "")
        .join("/"),
    );
  return packageTarget(
    ...parts.slice(0, 3).map((_, index, all) => normalName(all.slice(0, all.length - index).join("-"))),
  );
}
