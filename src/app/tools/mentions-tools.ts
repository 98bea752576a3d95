import type { PackageConfig } from "#core/config/config";
import type { Plan } from "#core/model/plan";
import type { Workspace } from "#core/workspace/workspace";

/** Whether the files of a package ask for tools. */
export const mentionsTools = ({ files }: PackageConfig): boolean => {
  for (const { document } of files) if (document.tools !== undefined) return true;
  return false;
};

/** Whether anything in the plan runs with tools: most do not, and then nothing of them is loaded. */
export function planMentionsTools(plan: Plan, { packages }: Workspace): boolean {
  for (const { tools } of plan.instances) if (tools !== undefined) return true;
  for (const { dir, config } of packages.values())
    if (mentionsTools(config) && Object.hasOwn(plan.packages, dir)) return true;
  return false;
}
