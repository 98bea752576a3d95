import { commandRunner } from "#app/command-runner";
import { Environments } from "#engine/exec/instance-environment";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";
import { planMentionsTools } from "#app/tools/mentions-tools";
import { withProjectFolders } from "#app/tools/project-folders";
import type { PlannedRun } from "./plan-run";

/** The same run with the tools that are installed, for those who look at environments and start nothing. */
export async function withInstalledTools(planned: PlannedRun, host: Host): Promise<PlannedRun> {
  const housed = withProjectFolders(planned, host);
  if (!planMentionsTools(planned.plan, planned.workspace)) return housed;
  const { withTools } = await import("#app/tools/with-tools");
  const equipped = await withTools(housed, host, undefined);
  return equipped.ok ? equipped.value : housed;
}

/** The environments of a planned run's instances. `flags` are `-e NAME=VALUE`. */
export function environmentsOf(
  { plan, workspace, hooks }: PlannedRun,
  host: Host,
  flags: Readonly<Record<string, string>>,
): Environments {
  const given = Object.entries(flags);
  const environments =
    hooks === undefined ? plan.environments : { ...hooks.environments, ...plan.environments };
  return new Environments(
    { environments },
    {
      system: host.env,
      flags:
        given.length === 0
          ? undefined
          : {
              layer: "flag",
              entries: given.map(([name, text]) => ({ name, value: { kind: "text", text, expand: false } })),
            },
      secretNames: workspace.current.config.global.secret_names ?? [],
      windows: host.os === "windows",
      readText: async (path) => {
        const read = await readText(path);
        return read.kind === "text" ? read.text : undefined;
      },
      runCommand: commandRunner(host, plan.root),
    },
  );
}
