import { installUnpinned } from "#app/operations/tool-installs";
import { listTools, namedTool, workspaceTools } from "#app/operations/tools";
import { outdatedTools } from "#app/operations/tool-versions";
import { installTools } from "#app/tools/install-tools";
import { tidyLock } from "#app/tools/save-locked";
import { toolWork } from "#app/tools/tool-work";
import type { Diagnostic } from "#base/diagnostic";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { columnsText } from "#frontends/output/columns";
import { watchInstalls } from "#frontends/cli/tool-gate";
import { formatOption, isOn } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import type { ToolCommand } from "./tool-command";

const INTERRUPTED = 130;

/** `zr tools install`: what the workspace asks for; with names, those, whether it asks for them or not. */
export async function install(command: ToolCommand): Promise<number> {
  const { session, options, workspace, setting, words, fail } = command;
  const asked = workspaceTools(workspace);
  if (!asked.ok) return fail(...asked.error);
  if (isOn(options, "dry-run")) return showPlan(asked.value, command);
  const watched = watchInstalls(session);
  const named = words.map((word) => namedTool(word, asked.value));
  const wrong = named.flatMap((one) => (one.ok ? [] : [one.error]));
  if (wrong.length > 0) return fail(...wrong);
  const wanted = words.length === 0 ? asked.value : named.flatMap((one) => (one.ok ? [one.value] : []));
  const pinned = wanted.filter((request) => asked.value.includes(request));
  const isLocked = isOn(options, "locked");
  const problems: Diagnostic[] = [];
  const installed = await installTools(pinned, setting, { ...watched, isLocked });
  if (!installed.ok) problems.push(...installed.error);
  const work = await toolWork(setting, watched);
  for (const request of wanted.filter((one) => !pinned.includes(one))) {
    const made = await installUnpinned(request, work);
    if (!made.ok) problems.push(made.error);
  }
  if (words.length === 0 && !isLocked && problems.length === 0) {
    const problem = await tidyLock(asked.value, work, watched);
    if (problem !== undefined) problems.push(problem);
  }
  await watched.done();
  if (watched.signal.aborted) return INTERRUPTED;
  if (problems.length > 0) return fail(...problems);
  if (wanted.length === 0) await print("stderr", "[tools] asks for nothing\n");
  return 0;
}

async function showPlan(asked: readonly ToolRequest[], { setting, fail }: ToolCommand): Promise<number> {
  const listed = await listTools(asked, setting);
  if (!listed.ok) return fail(...listed.error);
  const missing = listed.value.filter(({ state }) => state === "missing");
  await print(
    "stdout",
    missing.map(({ tool, version, request }) => `would install ${tool} ${version ?? request}\n`).join(""),
  );
  return 0;
}

/** `zr tools upgrade [TOOL…]`: the newest versions that the requests mean, into the lock and onto the disk. */
export async function upgrade({ session, workspace, setting, words, fail }: ToolCommand): Promise<number> {
  const asked = workspaceTools(workspace);
  if (!asked.ok) return fail(...asked.error);
  const named = words.map((word) => namedTool(word, asked.value));
  const wrong = named.flatMap((one) => (one.ok ? [] : [one.error]));
  if (wrong.length > 0) return fail(...wrong);
  const wanted = named.flatMap((one) => (one.ok ? [one.value] : []));
  const strange = wanted.find((request) => !asked.value.includes(request));
  if (strange !== undefined)
    return fail({
      code: "E423",
      severity: "error",
      data: { tool: strange.tool.name, installed: "what [tools] asks for" },
    });
  const watched = watchInstalls(session);
  const before = await listTools(asked.value, setting);
  const installed = await installTools(words.length === 0 ? asked.value : wanted, setting, {
    ...watched,
    isUpgrade: true,
  });
  await watched.done();
  if (watched.signal.aborted) return INTERRUPTED;
  if (!installed.ok) return fail(...installed.error);
  const versions = new Map(
    (before.ok ? before.value : []).map(({ tool, request, version }) => [`${tool}\0${request}`, version]),
  );
  const lines = installed.value.flatMap(({ request: { tool, request }, version }) => {
    const label = tool.backend === "core" ? tool.name : `${tool.backend}:${tool.name}`;
    const old = versions.get(`${label}\0${request}`);
    return old === undefined || old === version ? [] : [`${label} ${old} → ${version}\n`];
  });
  await print(
    "stdout",
    lines.length === 0 ? "all tools are the newest that [tools] asks for\n" : lines.join(""),
  );
  return 0;
}

/** `zr tools outdated`: what is pinned beside what there is. */
export async function outdated({ session, options, workspace, setting, fail }: ToolCommand): Promise<number> {
  const asked = workspaceTools(workspace);
  if (!asked.ok) return fail(...asked.error);
  const watched = watchInstalls(session);
  const ages = await outdatedTools(asked.value, setting, watched);
  await watched.done();
  if (!ages.ok) return fail(...ages.error);
  if (formatOption(options) === "json") await print("stdout", jsonDocument({ tools: ages.value }));
  else if (ages.value.length === 0) await print("stdout", "all tools are up to date\n");
  else
    await print(
      "stdout",
      columnsText(
        ["tool", "asked for", "pinned", "wanted", "latest"],
        ages.value.map(({ tool, request, current = "", wanted, latest }) => [
          tool,
          request,
          current,
          wanted,
          latest,
        ]),
      ),
    );
  return 0;
}
