import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { isTomlTable, ownValue } from "#core/config/toml/values";
import type { TomlTable, TomlValue } from "#core/config/toml/values";
import { printToml } from "#core/config/toml/print-value";

/** What is known of one archive. */
export interface LockedArchive {
  /** The publisher's address, also where a mirror was used. */
  readonly url: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What a request has been resolved to. */
export interface LockedTool {
  /** `node`, `npm:prettier`. */
  readonly tool: string;
  /** The request as `[tools]` writes it. */
  readonly request: string;
  readonly version: string;
  /** By platform; empty for tools of registries, whose own clients verify. */
  readonly archives: Readonly<Record<string, LockedArchive>>;
}

export interface LockFile {
  readonly tools: readonly LockedTool[];
}

export const EMPTY_LOCK: LockFile = { tools: [] };
export const LOCK_NAME = "zr.lock";
const FORMAT = 1;
const HEADER = "# Written by zr. It pins what [tools] asks for; commit it.";

/** The entry that a request has been resolved to. */
export const lockedTool = (lock: LockFile, tool: string, request: string): LockedTool | undefined =>
  lock.tools.find((entry) => entry.tool === tool && entry.request === request);

/** The lock with entries put in the place of those for the same requests. */
export function withLocked(lock: LockFile, entries: readonly LockedTool[]): LockFile {
  const replaced = new Set(entries.map(({ tool, request }) => `${tool}\0${request}`));
  const kept = lock.tools.filter(({ tool, request }) => !replaced.has(`${tool}\0${request}`));
  return { tools: [...kept, ...entries] };
}

/** Reads the values of a lock file; the error says what is wrong with them. */
export function readLock(document: TomlTable): Result<LockFile, string> {
  if (ownValue(document, "version") !== FORMAT) return err("it has another format than this zr knows");
  const listed = ownValue(document, "tools") ?? [];
  if (!Array.isArray(listed)) return err("'tools' is no list");
  const tools: LockedTool[] = [];
  for (const item of listed) {
    const tool = readTool(item);
    if (tool === undefined) return err(`entry ${tools.length + 1} of 'tools' is not complete`);
    tools.push(tool);
  }
  return ok({ tools });
}

function readTool(item: TomlValue): LockedTool | undefined {
  if (!isTomlTable(item)) return undefined;
  const [tool, request, version] = ["tool", "request", "version"].map((key) => ownValue(item, key));
  if (
    typeof tool !== "string" ||
    typeof request !== "string" ||
    typeof version !== "string" ||
    version === "" ||
    // A registry's client would take anything else for an address or an option.
    (/^(?:npm|pypi|cargo|go):/.test(tool) && !/^\d[\w.+!-]*$/.test(version))
  )
    return undefined;
  const archives: Record<string, LockedArchive> = {};
  const listed = ownValue(item, "archives") ?? {};
  if (!isTomlTable(listed)) return undefined;
  for (const [platform, archive] of Object.entries(listed)) {
    if (!isTomlTable(archive)) return undefined;
    const [url, sha256] = [ownValue(archive, "url"), ownValue(archive, "sha256")];
    if (typeof url !== "string" || typeof sha256 !== "string" || !isSha256(sha256)) return undefined;
    archives[platform] = { url, sha256 };
  }
  return { tool, request, version, archives };
}

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The text of a lock file: sorted, one line an archive, so that two branches that add tools merge. */
export function printLock({ tools }: LockFile): string {
  const order = (a: LockedTool, b: LockedTool): number =>
    compare(a.tool, b.tool) || compare(a.request, b.request);
  const parts = tools.toSorted(order).map(({ tool, request, version, archives }) => {
    const lines = [
      "[[tools]]",
      `tool = ${printToml(tool)}`,
      `request = ${printToml(request)}`,
      `version = ${printToml(version)}`,
    ];
    for (const platform of Object.keys(archives).sort()) {
      const { url = "", sha256 = "" } = archives[platform] ?? {};
      lines.push(`archives.${platform} = ${printToml({ url, sha256 })}`);
    }
    return lines.join("\n");
  });
  return `${[`${HEADER}\nversion = ${FORMAT}`, ...parts].join("\n\n")}\n`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
