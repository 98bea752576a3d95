import { splitTargets } from "#app/targets";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { print } from "#system/stdio/print";

const SHOWN = 5;

/**
 * Says where a task of the packages is run because the root, in which the command was given, has none of its name. Gives what
 * it said, or would have, had the same not been said before.
 */
export async function sayPackages(
  words: readonly string[],
  workspace: Workspace,
  before = "",
): Promise<string> {
  let said = "";
  for (const { ref } of splitTargets(words, workspace).targets) {
    const { name } = parseReference(ref);
    const origin = { pkg: workspace.rootPackage };
    if (resolveReference(workspace, origin, name).length > 0) continue;
    const packages = resolveReference(workspace, origin, `*:${name}`).map(({ pkg }) => pkg.name);
    if (packages.length === 0) continue;
    const more = packages.length > SHOWN ? `, and ${packages.length - SHOWN} more` : "";
    const where = packages.length === 1 ? "" : `${packages.length} packages: `;
    said += `zr: '${name}' is run in ${where}${packages.slice(0, SHOWN).join(", ")}${more}\n`;
  }
  if (said !== before) await print("stderr", said);
  return said;
}
