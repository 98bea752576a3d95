import type { FolderFiles } from "./folder-view";
import type { FoundImport, ImportTarget, InstallCommand, LanguageProject } from "./language-project";
import { tomlTextSpan } from "./manifest-version";
import { isTable, valueAt } from "./manifest-value";
import { normalName } from "./python-names";
import { pythonToolchain } from "./python-toolchain";
import { fileTarget, packageTarget } from "./scan-imports";
import { maskSource } from "./source-mask";

const MANIFEST = "pyproject.toml";
const REQUIREMENTS = "requirements.txt";
const ENVIRONMENT = ".venv";

/** Projects of uv, Poetry, PDM, and of pip alone. */
export const pythonProject: LanguageProject = {
  inputs: ["$default", "!**/__pycache__/**"],
  outputs: ["dist/**"],
  versionFiles: pythonToolchain.versionFiles ?? [],
  looksFor: [REQUIREMENTS],
  install,
  binFolders: [`${ENVIRONMENT}/bin`, `${ENVIRONMENT}/Scripts`],
  env: { VIRTUAL_ENV: ENVIRONMENT },
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
  const hasList = folder.names.has(REQUIREMENTS);
  if (!hasList && !isTable(valueAt(folder.value(MANIFEST), "project"))) return undefined;
  return {
    cmds: [
      ["python3", "-m", "venv", ENVIRONMENT],
      [...PIP_INSTALL, ...(hasList ? ["-r", REQUIREMENTS] : ["-e", "."])],
    ],
    cwd: folder.dir,
    reads: [hasList ? REQUIREMENTS : MANIFEST],
    makes: [ENVIRONMENT],
  };
}

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
