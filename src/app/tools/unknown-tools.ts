import type { Diagnostic } from "#base/diagnostic";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { findToolchain } from "#languages/find-toolchain";
import { failureAt } from "./install-tools";
import { unknownTool } from "./resolve-one";

/** What is wrong with requests whose name is that of no tool; nobody has to be asked for that. */
export async function unknownTools(requests: readonly ToolRequest[]): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const request of requests) {
    const { name, backend } = request.tool;
    if (backend !== "core" || (await findToolchain(name)) !== undefined) continue;
    const failure = await unknownTool(name);
    // What the system has needs nobody to install it.
    if (request.request !== "system" || failure.code === "E410") problems.push(failureAt(request, failure));
  }
  return problems;
}
