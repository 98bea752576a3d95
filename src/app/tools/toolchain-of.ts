import { githubToolchain } from "#core/toolchain/github-toolchain";
import type { ToolRequest } from "#core/toolchain/tool-request";
import type { Toolchain } from "#core/toolchain/toolchain";
import { urlToolchain } from "#core/toolchain/url-toolchain";
import { allToolchains, findToolchain } from "#languages/find-toolchain";

/** How the tool of a request is published; undefined where it is a registry's, or nobody knows it. */
export async function toolchainOf(
  { tool, url }: ToolRequest,
  platform: string,
): Promise<Toolchain | undefined> {
  if (tool.backend === "github") return githubToolchain(tool.name);
  if (tool.backend === "url")
    return url === undefined ? undefined : urlToolchain({ name: tool.name, url, platform });
  return tool.backend === "core" ? findToolchain(tool.name) : undefined;
}

/** Names that `[tools]` may have without a backend. */
export const toolchainNames = async (): Promise<readonly string[]> =>
  (await allToolchains()).flatMap(({ name, aliases = [] }) => [name, ...aliases]);
