import type { Span } from "#base/span";
import type { DeclaredLanguage } from "./declared-language-schema";
import type { FolderFiles } from "./folder-view";
import type { ImportScan, InstallCommand, LanguageProject } from "./language-project";
import { firstSpan, lineTemplate } from "./line-template";
import { jsonTextSpan, tomlTextSpan } from "./manifest-version";
import { declaredNames, moduleTarget, packageTarget, scanImports } from "./scan-imports";
import { soleVersion } from "./sole-version";
import { globMatcher } from "#base/glob";

/** What a file that describes a language says of its projects. */
export function declaredProject(language: DeclaredLanguage): LanguageProject {
  const { project = {}, imports, package: pkg = {}, manifests = [] } = language;
  const scan = imports === undefined ? undefined : importsOf(imports);
  const matchers = manifests.map(globMatcher);
  const isManifest = (name: string): boolean => matchers.some((matches) => matches(name));
  return {
    inputs: project.inputs ?? ["$default"],
    outputs: project.outputs ?? [],
    versionFiles: (project.versions ?? []).map(({ file = "", line }) => ({
      name: file,
      read: (text) => {
        if (line === undefined) return soleVersion(text);
        const span = firstSpan(text, line);
        return span === undefined ? undefined : text.slice(span.start, span.end);
      },
    })),
    ...(project.tool_names === undefined ? {} : { toolNames: project.tool_names }),
    install: (folder) => installOf(project, folder, isManifest),
    versionIn: (name, text) => (isManifest(name) ? versionSpan(pkg.version, name, text) : undefined),
    ...(scan === undefined ? {} : { imports: scan }),
  };
}

function installOf(
  { install, locks = [], makes = [] }: NonNullable<DeclaredLanguage["project"]>,
  { dir, names }: FolderFiles,
  isManifest: (name: string) => boolean,
): InstallCommand | undefined {
  if (install === undefined) return undefined;
  const reads = [...names].filter((name) => isManifest(name) || locks.includes(name)).sort();
  return { cmds: [install], cwd: dir, reads, makes };
}

function versionSpan(
  source: NonNullable<DeclaredLanguage["package"]>["version"],
  name: string,
  text: string,
): Span | undefined {
  if (source === undefined) return undefined;
  if (typeof source !== "string") return firstSpan(text, source.line ?? "");
  const keys = source.split(".");
  return /\.jsonc?$/.test(name)
    ? jsonTextSpan(text, keys)
    : name.endsWith(".toml")
      ? tomlTextSpan(text, keys)
      : undefined;
}

function importsOf(imports: NonNullable<DeclaredLanguage["imports"]>): ImportScan {
  const { files = [], lines = [], means = "package", separator, declares } = imports;
  const grammar = {
    line: (imports.line_comments ?? []).filter((mark) => mark !== ""),
    block: (imports.block_comments ?? []).map(([open = "", close = ""]) => [open, close] as const),
    quotes: (imports.quotes ?? ['"']).filter((mark) => mark !== ""),
  };
  const forms = lines.flatMap((template) => {
    const pattern = lineTemplate(template, true);
    return pattern === undefined
      ? []
      : [
          {
            pattern,
            target: (name: string) =>
              means === "module" ? moduleTarget(name) : packageTarget(...beginnings(name, separator)),
          },
        ];
  });
  const declared = declares === undefined ? undefined : lineTemplate(declares, true);
  return {
    files,
    scan: (text) => scanImports(text, grammar, forms),
    ...(declared === undefined ? {} : { declares: (text: string) => declaredNames(text, grammar, declared) }),
  };
}

/** `a/b/c`, `a/b` and `a`, as a package may be named by its first parts. */
function beginnings(name: string, separator: string | undefined): readonly string[] {
  if (separator === undefined || separator === "") return [name];
  const parts = name.split(separator);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join(separator));
}
