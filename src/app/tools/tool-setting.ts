import { isAbsolute } from "#base/path";
import { mirrorVariable } from "#core/toolchain/mirrored";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { LOCK_NAME } from "#core/toolchain/lock-file";
import { ToolsPlace } from "#engine/toolchain/tools-place";
import type { Host } from "#system/host";
import { operatingSystem } from "#system/runtime-modules";

/** Where tools lie and where their locks are. */
export interface ToolSetting {
  readonly host: Host;
  /** Workspace root. */
  readonly root: string;
}

/** The user's data folder for zr: `$XDG_DATA_HOME/zr`, `~/.local/share/zr`, `%LOCALAPPDATA%\zr`. */
export function dataFolder({ env, os }: Host): string {
  const { XDG_DATA_HOME: xdg, HOME: home, LOCALAPPDATA: local } = env;
  if (os === "windows" && local !== undefined && local !== "") return `${local.replaceAll("\\", "/")}/zr`;
  if (xdg !== undefined && isAbsolute(xdg)) return `${xdg}/zr`;
  // Services often have no HOME. What is run must not be looked for where anybody can put it.
  return `${home === undefined || home === "" ? operatingSystem().homedir() : home}/.local/share/zr`;
}

export const toolsPlace = (host: Host): ToolsPlace => new ToolsPlace(`${dataFolder(host)}/tools`);

/** The lock that a request belongs to: the project's, or the user's own beside their configuration. */
export const lockPath = ({ isUsers, place }: ToolRequest, { root }: ToolSetting): string =>
  `${isUsers ? place.file.slice(0, place.file.lastIndexOf("/")) : root}/${LOCK_NAME}`;

/** What stands for the publisher's address: the variable of the tool, else what its entry says. */
export function mirrorOf({ tool, mirror }: ToolRequest, { env }: Host): string | undefined {
  const given = env[mirrorVariable(toolLabel(tool))] ?? env[mirrorVariable(tool.name)];
  return given !== undefined && given !== "" ? given : mirror;
}

/** Whether a request means this system. */
export function isForHost({ os }: ToolRequest, host: Host): boolean {
  if (os === undefined) return true;
  return os.some((name) => (name === "macos" ? "darwin" : name) === host.os);
}
