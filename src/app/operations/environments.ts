import { commandRunner } from "#app/command-runner";
import { Environments } from "#engine/exec/instance-environment";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";
import type { RunnablePlan } from "./plan-run";

/** The environments of a planned run's instances. `flags` are `-e NAME=VALUE`. */
export function environmentsOf(
  { plan, settings, hooks }: RunnablePlan,
  host: Host,
  flags: Readonly<Record<string, string>>,
): Environments {
  const given = Object.entries(flags);
  const commands = commandRunner(host, plan.root);
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
      secretNames: settings.global.secret_names ?? [],
      windows: host.os === "windows",
      readText: async (path) => {
        const read = await readText(path);
        return read.kind === "text" ? read.text : undefined;
      },
      runCommand: commands.run,
      stopCommands: commands.stop,
    },
  );
}
