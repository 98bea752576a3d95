import { linkInstalled, meantVersions, removeInstalled, unusedVersions } from "#app/operations/tool-installs";
import type { InstalledVersion } from "#app/operations/tool-installs";
import { namedTool } from "#app/operations/tools";
import { toolWork } from "#app/tools/tool-work";
import { resolveFrom } from "#base/path";
import { isOn } from "#frontends/cli/session";
import { print } from "#system/stdio/print";
import { wordMissing } from "./tool-command";
import type { ToolCommand } from "./tool-command";

/** `zr tools uninstall TOOL[@VERSION]…`: those versions, or all of the tool. */
export async function uninstall(command: ToolCommand): Promise<number> {
  const { session, words, fail } = command;
  if (words.length === 0) return fail(...wordMissing("uninstall", "the name of a tool"));
  const meant: InstalledVersion[] = [];
  for (const word of words) {
    const request = namedTool(word, []);
    if (!request.ok) return fail(request.error);
    const found = await meantVersions(request.value, word.lastIndexOf("@") > 0, session.host);
    if (!found.ok) return fail(found.error);
    meant.push(...found.value);
  }
  return removeAll(meant, command);
}

/** `zr tools prune`: what no project on this machine pins any more. */
export async function prune(command: ToolCommand): Promise<number> {
  const unused = await unusedVersions(command.session.host);
  if (unused.length === 0) await print("stderr", "nothing is unused\n");
  return removeAll(unused, command);
}

async function removeAll(
  versions: readonly InstalledVersion[],
  { session, options, fail }: ToolCommand,
): Promise<number> {
  const isDry = isOn(options, "dry-run");
  for (const version of versions) {
    const removed = isDry ? undefined : await removeInstalled(version, session.host);
    if (removed?.ok === false) return fail(removed.error);
    await print("stdout", `${isDry ? "would remove" : "removed"} ${version.tool} ${version.version}\n`);
  }
  return 0;
}

/** `zr tools link TOOL@VERSION DIR`: an installation of the user's own. */
export async function link({ session, setting, words, fail }: ToolCommand): Promise<number> {
  const [word, folder] = words;
  if (word === undefined || folder === undefined)
    return fail(...wordMissing("link", "a tool with its version, and a folder"));
  const request = namedTool(word, []);
  if (!request.ok) return fail(request.error);
  if (word.lastIndexOf("@") <= 0) return fail(...wordMissing("link", "a version, such as node@20.0.0"));
  const work = await toolWork(setting, { report: () => undefined, signal: new AbortController().signal });
  const isDry = isOn(session.options, "dry-run");
  const linked = await linkInstalled(
    request.value,
    { target: resolveFrom(session.cwd, folder), isDry },
    work,
  );
  if (!linked.ok) return fail(linked.error);
  const { tool, version, home } = linked.value;
  await print("stdout", `${tool} ${version} ${isDry ? "would be" : "is"} ${home}\n`);
  return 0;
}
