import type { Diagnostic } from "#base/diagnostic";
import type { Workspace } from "#core/workspace/workspace";
import { readWorkspaceTools } from "./tools";
import { unknownTool } from "#app/tools/resolve-one";
import { failureAt } from "#app/tools/install-tools";
import { mentionsTools } from "#app/tools/mentions-tools";
import { findToolchain } from "#languages/find-toolchain";

/** What is wrong with the tools that a workspace asks for, as far as nobody has to be asked: names and forms of versions. */
export async function validateTools(workspace: Workspace): Promise<readonly Diagnostic[]> {
  const packages = [...workspace.packages.values()];
  const asks = packages.some(
    ({ config, resolve }) =>
      mentionsTools(config) ||
      [...config.tasks.values()].some((entry) => resolve(entry).table.tools !== undefined),
  );
  if (!asks) return [];
  const { requests, problems } = readWorkspaceTools(workspace);
  for (const request of requests) {
    const { name, backend } = request.tool;
    if (backend !== "core" || (await findToolchain(name)) !== undefined) continue;
    const failure = await unknownTool(name);
    // What the system has needs nobody to install it.
    if (request.request !== "system" || failure.code === "E410") problems.push(failureAt(request, failure));
  }
  return problems;
}
