import { askedTools, listTools, namedTool, workspaceTools } from "#app/operations/tools";
import { installedVersions } from "#app/operations/tool-installs";
import { remoteVersions } from "#app/operations/tool-versions";
import { findTools } from "#app/tools/find-tools";
import { relativeTo } from "#base/path";
import { which as findProgram } from "#system/which";
import { columnsText } from "#frontends/output/columns";
import { watchInstalls } from "#frontends/cli/tool-gate";
import { formatOption, isOn } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { wordMissing } from "./tool-command";
import type { ToolCommand } from "./tool-command";

/** `zr tools list`: what is asked for, or with `--all` everything that is installed. */
export async function list({ session, options, workspace, setting, fail }: ToolCommand): Promise<number> {
  const isJson = formatOption(options) === "json";
  if (isOn(options, "all")) {
    const installed = await installedVersions(session.host);
    const rows = installed.map(({ tool, version, home }) => [tool, version, home]);
    const text =
      rows.length === 0 ? "no tools are installed\n" : columnsText(["tool", "version", "folder"], rows);
    await print("stdout", isJson ? jsonDocument({ installed }) : text);
    return 0;
  }
  const asked = workspaceTools(workspace);
  if (!asked.ok) return fail(...asked.error);
  const listed = await listTools(asked.value, setting);
  if (!listed.ok) return fail(...listed.error);
  if (isJson) await print("stdout", jsonDocument({ tools: listed.value }));
  else if (listed.value.length === 0) await print("stdout", "[tools] asks for nothing\n");
  else
    await print(
      "stdout",
      columnsText(
        ["tool", "asked for", "version", "state", "by"],
        listed.value.map(({ tool, request, version = "", state, file }) => [
          tool,
          request,
          version,
          state,
          relativeTo(session.cwd, file),
        ]),
      ),
    );
  return 0;
}

/** `zr tools which PROGRAM`: the file that tasks of this package would start. */
export async function which({ session, workspace, setting, words, fail }: ToolCommand): Promise<number> {
  const [program] = words;
  if (program === undefined) return fail(...wordMissing("which", "the name of a program"));
  const asked = askedTools([workspace.current], { tasks: false });
  if (!asked.ok) return fail(...asked.error);
  const found = await findTools(asked.value, setting);
  if (!found.ok) return fail(...found.error);
  const path = found.value.ready.flatMap(({ bin }) => bin).join(session.host.os === "windows" ? ";" : ":");
  const file = path === "" ? undefined : findProgram(program, { path, cwd: session.cwd });
  if (file === undefined) return fail({ code: "E425", severity: "error", data: { program } });
  await print("stdout", `${file}\n`);
  return 0;
}

/** `zr tools where TOOL[@VERSION]`: the folder that it is installed in. */
export async function where({ session, workspace, setting, words, fail }: ToolCommand): Promise<number> {
  const [word] = words;
  if (word === undefined) return fail(...wordMissing("where", "the name of a tool"));
  const asked = askedTools([workspace.current], { tasks: false });
  if (!asked.ok) return fail(...asked.error);
  const request = namedTool(word, asked.value);
  if (!request.ok) return fail(request.error);
  const { meantVersions } = await import("#app/operations/tool-installs");
  const pinned = await findTools([request.value], setting);
  const home = pinned.ok ? pinned.value.ready[0]?.home : undefined;
  if (home !== undefined) {
    await print("stdout", `${home}\n`);
    return 0;
  }
  const meant = await meantVersions(request.value, word.lastIndexOf("@") > 0, session.host);
  if (!meant.ok) return fail(meant.error);
  await print("stdout", `${meant.value[0]?.home ?? ""}\n`);
  return 0;
}

/** `zr tools ls-remote TOOL[@REQUEST]`: what can be installed, the newest first. */
export async function lsRemote({
  session,
  options,
  workspace,
  setting,
  words,
  fail,
}: ToolCommand): Promise<number> {
  const [word] = words;
  if (word === undefined) return fail(...wordMissing("ls-remote", "the name of a tool"));
  const asked = workspaceTools(workspace);
  const request = namedTool(word, asked.ok ? asked.value : []);
  if (!request.ok) return fail(request.error);
  const watched = watchInstalls(session);
  const isNarrowed = word.lastIndexOf("@") > 0 && request.value.request !== "latest";
  const versions = await remoteVersions(request.value, {
    setting,
    watched,
    isNarrowed,
    withPreviews: isOn(options, "all"),
  });
  await watched.done();
  if (!versions.ok) return fail(versions.error);
  const isJson = formatOption(options) === "json";
  await print(
    "stdout",
    isJson
      ? jsonDocument({ versions: versions.value })
      : versions.value.map((version) => `${version}\n`).join(""),
  );
  return 0;
}
