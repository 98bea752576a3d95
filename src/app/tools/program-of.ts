import { parseToolName } from "#core/toolchain/tool-name";
import { findToolchain } from "#languages/find-toolchain";
import type { Host } from "#system/host";
import { which } from "#system/which";

/** The program that PATH has for a tool, by whatever name of the tool: `python3` for Python. */
export async function programOf(
  label: string,
  { env, cwd }: Pick<Host, "env" | "cwd">,
): Promise<string | undefined> {
  const { name = label, backend } = parseToolName(label) ?? {};
  const { aliases = [] } = (backend === "core" ? await findToolchain(name) : undefined) ?? {};
  const names = [name.slice(name.lastIndexOf("/") + 1), ...aliases];
  return names.map((one) => which(one, { path: env["PATH"] ?? "", cwd })).find((path) => path !== undefined);
}
