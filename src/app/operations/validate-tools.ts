import type { Diagnostic } from "#base/diagnostic";
import type { Workspace } from "#core/workspace/workspace";
import { readWorkspaceTools } from "./tools";
import { mentionsTools } from "#app/tools/mentions-tools";
import { unknownTools } from "#app/tools/unknown-tools";

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
  return [...problems, ...(await unknownTools(requests))];
}
