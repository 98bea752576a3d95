import type { SetupSettings } from "#core/onboard/setup-settings";
import { findTask } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import type { UnitResult } from "#engine/onboard/setup-unit";
import { mentionsTools } from "#app/tools/mentions-tools";
import type { Host } from "#system/host";
import { shellOf } from "./shell-hook";

/** Tasks that somebody who comes new tries first. */
const FIRST_TASKS = ["dev", "start", "test", "build"];

/** What is left to do for whoever has set up: by the steps that were done, by the configuration, by the shell. */
export function nextSteps(
  results: readonly UnitResult[],
  { next }: SetupSettings,
  { workspace, host }: { readonly workspace: Workspace; readonly host: Host },
): readonly string[] {
  const { rootPackage, packages } = workspace;
  const hasFailed = results.some(({ state }) => ["failed", "blocked", "interrupted"].includes(state));
  if (hasFailed) return ["mend what failed, and run zr setup again: it goes on where it was"];
  const shell = shellOf(host.env);
  const wantsHook =
    shell !== undefined &&
    !shell.isHooked(host.env) &&
    [...packages.values()].some(({ config }) => mentionsTools(config));
  const task = FIRST_TASKS.find((name) => findTask(rootPackage, name) !== undefined);
  return [
    ...results.flatMap((result) => result.next ?? []),
    ...next,
    ...(wantsHook ? [`${shell.command} in ${shell.file}: the tools in your own shell too`] : []),
    ...(task !== undefined ? [`zr run ${task}`] : next.length > 0 ? [] : ["zr list: what there is to run"]),
  ];
}
