import type { VersionFile } from "#core/toolchain/toolchain";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { readValues } from "#core/config/toml/read-values";
import type { FolderFiles } from "./folder-view";
import type { LanguageProvider } from "./language-provider";
import type { LanguageProject } from "./language-project";
import { tableAt, textAt } from "#base/value-at";

/** A version of a tool that a file of a project asks for. */
export interface DeclaredVersion {
  /** As `[tools]` calls it. */
  readonly tool: string;
  /** In the words of `[tools]`: `20`, `>=1.22`, `lts`. */
  readonly request: string;
  /** Name of the file that says so. */
  readonly from: string;
  /** Whether a later version is as good. */
  readonly isLeast?: true;
}

const TOOL_VERSIONS = ".tool-versions";
const MISE_FILES = ["mise.toml", ".mise.toml"] as const;

/** Names of the files that say a version of some tool of a language, for whoever reads them. */
export const versionFileNames = (project: LanguageProject): readonly string[] => [
  ...new Set([...(project.versionFiles ?? []).map(({ name }) => name), TOOL_VERSIONS, ...MISE_FILES]),
];

/**
 * The versions of a language's tool that the files of a folder ask for, the surest first: the language's own files, then
 * those that all tools share. Words that are no request are left out.
 */
export function declaredVersions(
  provider: Pick<LanguageProvider, "name">,
  project: LanguageProject,
  folder: FolderFiles,
): readonly DeclaredVersion[] {
  const names = project.toolNames ?? [provider.name];
  const files: readonly VersionFile[] = [
    ...(project.versionFiles ?? []),
    { name: TOOL_VERSIONS, read: (text) => toolVersion(text, names) },
    ...MISE_FILES.map((name): VersionFile => ({ name, read: (text) => miseVersion(text, names) })),
  ];
  return files.flatMap(({ name, read, isLeast }): readonly DeclaredVersion[] => {
    const text = folder.text(name);
    const request = text === undefined ? undefined : read(text)?.trim();
    return request === undefined || parseVersionRequest(request) === undefined
      ? []
      : [{ tool: provider.name, request, from: name, ...(isLeast === true ? { isLeast } : {}) }];
  });
}

/** A tool a line, the first of its versions (asdf-vm.com, "Configuration"). */
function toolVersion(text: string, names: readonly string[]): string | undefined {
  for (const line of text.split("\n")) {
    const [tool = "", version] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(tool) && version !== undefined) return bare(version);
  }
  return undefined;
}

function miseVersion(text: string, names: readonly string[]): string | undefined {
  const read = readValues(text);
  if (!read.ok) return undefined;
  const tools = tableAt(read.value, "tools");
  for (const name of names) {
    const listed: unknown = Object.hasOwn(tools, name) ? tools[name] : undefined;
    const first: unknown = Array.isArray(listed) ? listed[0] : listed;
    const version = typeof first === "string" ? first : textAt(first, "version");
    if (version !== undefined) return bare(version);
  }
  return undefined;
}

/** `temurin-21.0.2+13.0.LTS` and the like name a builder first, `1.16.0-otp-26` what it was built for last. */
const bare = (version: string): string => version.replace(/^[a-z]+-(?=\d)/, "").replace(/-otp-\d+$/, "");

/** A request of the form `~> 1.2`, which lets its last number grow, in zr's words; others as they are. */
export function pessimisticRequest(text: string): string {
  return text.replaceAll(/~>\s*(\d+(?:\.\d+)*)/g, (_, version: string) => {
    const parts = version.split(".").map(Number);
    const upper = parts.length === 1 ? parts : parts.slice(0, -1);
    const next = upper.map((part, index) => (index === upper.length - 1 ? part + 1 : part));
    return parts.length === 1 ? `>=${version}` : `>=${version} <${next.join(".")}`;
  });
}
