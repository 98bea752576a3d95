import { isTextList } from "#base/value-at";

/** What an installation says of itself, in a file that is written last: a folder without it is none. */
export interface InstalledTool {
  readonly v: 1;
  /** `node`, `npm:prettier`. */
  readonly tool: string;
  readonly version: string;
  /** Folder that the paths below start from, where it is not the one that this file lies in. */
  readonly home?: string;
  /** Folders for PATH. */
  readonly bin: readonly string[];
  /** Variables that hold folders; `.` is the installation itself. */
  readonly env: Readonly<Record<string, string>>;
  readonly sha256?: string;
}

export const MARKER_NAME = ".zr-tool.json";

/** Reads the values of a marker; undefined where they are none. */
export function readInstalled(value: unknown): InstalledTool | undefined {
  if (typeof value !== "object" || value === null || !("v" in value) || value.v !== 1) return undefined;
  if (!("tool" in value && "version" in value && "bin" in value && "env" in value)) return undefined;
  const { tool, version, bin, env } = value;
  if (typeof tool !== "string" || typeof version !== "string" || !isTextList(bin) || !hasTexts(env))
    return undefined;
  return {
    v: 1,
    tool,
    version,
    bin,
    // All of its values are texts, as has just been seen.
    env: env as Readonly<Record<string, string>>,
    ...("home" in value && typeof value.home === "string" ? { home: value.home } : {}),
    ...("sha256" in value && typeof value.sha256 === "string" ? { sha256: value.sha256 } : {}),
  };
}

/** Whether an installation is of one of the archives that a lock names; of what has no digest nobody can tell. */
export function isOfArchives(
  { sha256 }: InstalledTool,
  archives: Readonly<Record<string, { readonly sha256: string }>>,
): boolean {
  const digests = Object.values(archives).map((archive) => archive.sha256);
  return sha256 === undefined || digests.length === 0 || digests.includes(sha256);
}

const hasTexts = (value: unknown): boolean =>
  typeof value === "object" && value !== null && isTextList(Object.values(value));
