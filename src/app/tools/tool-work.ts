import { parseDuration } from "#base/duration";
import { platformName } from "#core/toolchain/platform";
import type { FetchContext } from "#engine/toolchain/follow-redirects";
import type { InstallEvent } from "#engine/toolchain/install-archive";
import type { ToolsPlace } from "#engine/toolchain/tools-place";
import type { Host } from "#system/host";
import { fileSystem } from "#system/runtime-modules";
import { usesMusl } from "#system/libc";
import { toolsPlace } from "./tool-setting";
import type { ToolSetting } from "./tool-setting";

/** Who is told what happens, and who can end it. */
export interface Watched {
  readonly report: (event: InstallEvent) => void;
  readonly signal: AbortSignal;
}

/** What everything that looks up and installs needs. */
export interface ToolWork {
  readonly setting: ToolSetting;
  readonly platform: string;
  readonly fetch: FetchContext;
  readonly report: Watched["report"];
}

const TIMEOUT_MS = 30_000;

export async function toolWork(setting: ToolSetting, { report, signal }: Watched): Promise<ToolWork> {
  const { os, arch, env } = setting.host;
  // Clients of registries are asked there, away from any project.
  await fileSystem()
    .mkdir(toolsPlace(setting.host).folder, { recursive: true })
    .catch(() => undefined);
  const musl = os === "linux" && (await usesMusl(arch));
  return {
    setting,
    platform: platformName({ os, arch, ...(musl ? { libc: "musl" as const } : {}) }),
    fetch: {
      timeoutMs: parseDuration(env["ZR_DOWNLOAD_TIMEOUT"] ?? "") ?? TIMEOUT_MS,
      signal,
      ...authorization(env),
    },
    report,
  };
}

/** A token for GitHub's API, which answers few questions of those who have none. It goes to that host alone. */
function authorization(env: Host["env"]): Pick<FetchContext, "authorization"> {
  const token = env["GITHUB_TOKEN"] ?? env["GH_TOKEN"] ?? "";
  return token === "" ? {} : { authorization: { "api.github.com": `Bearer ${token}` } };
}

/** Where installations are. */
export const placeOf = ({ setting }: ToolWork): ToolsPlace => toolsPlace(setting.host);
