import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where `scripts/servers/mcp` has put the programs that zr's server is held against; undefined where it has not. */
export const mcpTools: string | undefined = [
  process.env["ZR_MCP_TOOLS"],
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "zr-mcp-tools"),
].find((folder) => folder !== undefined && existsSync(join(folder, ".installed")));

/** The words that start one of the programs. */
export const mcpTool = (path: string): readonly string[] => [
  process.execPath,
  join(mcpTools ?? "", "node_modules/@modelcontextprotocol", path),
];

/** Why they can't be used; undefined where they can. */
export const noMcpTools = mcpTools === undefined ? "./scripts/servers/mcp has not been run" : undefined;
