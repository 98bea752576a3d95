import { loadWorkspace } from "#app/load-workspace";
import { planWorkflowRun } from "#app/operations/plan-workflow-run";
import { usageProblem } from "#app/problems";
import { knownWorkflows } from "#core/workspace/workflows";
import { onEndSignals } from "#system/signals";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { invocationOf } from "#frontends/cli/invocation";
import { launchRun } from "#frontends/cli/launch-run";
import { pairs, planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { isOn, listOption, openSession, textOption } from "#frontends/cli/session";

export const body: CommandBody = { run: runWorkflowCommand };

async function runWorkflowCommand(parsed: ParsedCommand, line: CommandLine): Promise<number> {
  const { options } = parsed;
  const session = openSession(options, line);
  const [name, ...words] = parsed.words;
  const [surplus] = parsed.extra;
  if (surplus !== undefined)
    return refuse(session, usageProblem("E185", { command: "zr workflow", value: surplus }));
  const loaded = await loadWorkspace(session.load);
  if (name === undefined)
    return refuse(
      session,
      usageProblem("E184", {
        command: "zr workflow",
        what: "the name of a workflow",
        ...(loaded.ok ? knownWorkflows(loaded.value.workspace) : {}),
      }),
    );
  if (!loaded.ok) return refuse(session, loaded.error);
  const from = textOption(options, "from");
  const resume = textOption(options, "resume");
  const planned = await planWorkflowRun(loaded.value, {
    ...planInput(parsed, session),
    name,
    words,
    inputs: pairs(listOption(options, "input")),
    only: listOption(options, "only"),
    approve: listOption(options, "approve"),
    ...(from === undefined ? {} : { from }),
    ...(resume === undefined ? {} : { resume }),
  });
  if (!planned.ok) return refuse(session, planned.error);
  if (isOn(options, "dry-run"))
    return (await import("#frontends/cli/dry-run")).showDryRun(planned.value, session);
  if (isOn(options, "show-env"))
    return (await import("#frontends/cli/show-env")).showEnvironment(planned.value, session);
  const launched = await launchRun(planned.value, session, {
    invocation: invocationOf("workflow", parsed, { line, session }),
    ...(planned.value.workflow === undefined ? {} : { settled: planned.value.workflow.settled }),
  });
  if (!launched.ok) return refuse(session, launched.error);
  const { control, result, finish } = launched.value;
  const signals = onEndSignals((signal) => control.interrupt(signal));
  await result;
  signals[Symbol.dispose]();
  return finish();
}
