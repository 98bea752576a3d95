import { loadWorkspace } from "#app/load-workspace";
import { installMcp, MCP_CLIENTS } from "#app/operations/install-mcp";
import { usageProblem } from "#app/problems";
import { relativeTo } from "#base/path";
import { refuse } from "#frontends/cli/refuse";
import { isOn, listOption, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

/** `zr mcp install --client NAME`: writes the client's configuration of this workspace. */
export async function install(session: Session): Promise<number> {
  const { options, cwd } = session;
  const name = textOption(options, "client");
  const client = MCP_CLIENTS.find((known) => known === name);
  if (client === undefined)
    return refuse(
      session,
      usageProblem("E184", { command: "zr mcp install", what: `--client ${MCP_CLIENTS.join("|")}` }),
    );
  const loaded = await loadWorkspace(session.load);
  const root = loaded.ok ? loaded.value.workspace.root : cwd;
  const dryRun = isOn(options, "dry-run");
  const kept = [
    ...(isOn(options, "read-only") ? ["--read-only"] : []),
    ...listOption(options, "allow-task").flatMap((glob) => ["--allow-task", glob]),
  ];
  const done = await installMcp({ client, root, options: kept, dryRun });
  if (!done.ok) return refuse(session, usageProblem("E191", { ...done.error }));
  const { path, changed } = done.value;
  const file = relativeTo(cwd, path);
  const did = changed ? (dryRun ? "would write" : "wrote") : "nothing to change in";
  await print("stdout", `${did} ${file}\n`);
  return 0;
}
