import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { withJsonEntry } from "./json-entry";

export const MCP_CLIENTS = ["claude", "cursor", "vscode"] as const;
export type McpClient = (typeof MCP_CLIENTS)[number];

/** Where a client looks for the servers of a project, and the table that they stand in. */
const PLACES: Readonly<Record<McpClient, { readonly file: string; readonly table: string }>> = {
  claude: { file: ".mcp.json", table: "mcpServers" },
  cursor: { file: ".cursor/mcp.json", table: "mcpServers" },
  vscode: { file: ".vscode/mcp.json", table: "servers" },
};

export interface InstalledMcp {
  /** Absolute. */
  readonly path: string;
  /** False where it stood there already. */
  readonly changed: boolean;
}

export interface McpInstall {
  readonly client: McpClient;
  /** Folder of the project, absolute. */
  readonly root: string;
  /** Options of `zr mcp serve`. */
  readonly options: readonly string[];
  /** Only tell. */
  readonly dryRun: boolean;
}

/**
 * Adds zr to a client's configuration of a project. Everything else in the file stays as it is, comments too. The error
 * says which file, and why it can't be changed.
 */
export async function installMcp(
  install: McpInstall,
): Promise<Result<InstalledMcp, { readonly path: string; readonly reason: string }>> {
  const { file, table } = PLACES[install.client];
  const path = `${install.root}/${file}`;
  const read = await readText(path);
  if (read.kind !== "text" && read.kind !== "missing")
    return err({ path, reason: read.kind === "folder" ? "it is a folder" : read.reason });
  if (read.kind === "text" && read.isUtf8 === false) return err({ path, reason: "it is not text in UTF-8" });
  const before = read.kind === "text" ? read.text : undefined;
  const server = { command: "zr", args: ["mcp", "serve", ...install.options] };
  const entry = install.client === "vscode" ? { type: "stdio", ...server } : server;
  const after = withJsonEntry(before, [table, "zr"], entry);
  if (!after.ok) return err({ path, reason: after.error });
  if (after.value === before) return ok({ path, changed: false });
  const written = install.dryRun ? ok(undefined) : await writeFileAtomically(path, after.value);
  return written.ok ? ok({ path, changed: true }) : err({ path, reason: written.error });
}
