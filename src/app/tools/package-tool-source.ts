import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { EnvSource } from "#core/model/environment";
import { packageTools } from "#core/toolchain/tool-request";
import type { Package } from "#core/workspace/workspace";
import { ensureTools, requestProblems } from "./ensure-tools";
import type { ToolGate } from "./ensure-tools";
import { toolSource } from "./find-tools";
import type { ToolSetting } from "./tool-setting";

/** The layer of variables that the tools of a package make. Without a gate those that are missing are left out. */
export async function packageToolSource(
  { config }: Package,
  setting: ToolSetting,
  openGate: (() => Promise<ToolGate>) | undefined,
): Promise<Result<EnvSource | undefined, readonly Diagnostic[]>> {
  const read = packageTools(config.files);
  if (read.problems.length > 0) return err(requestProblems(read));
  const found = await ensureTools(read.requests, setting, openGate);
  return found.ok ? ok(toolSource(found.value.ready, setting.host.os)) : found;
}
