import { ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { loadWorkspace } from "#app/load-workspace";
import { newestRunOf } from "#app/newest-run";
import { refused, usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { historyFolder } from "#engine/history/history-folder";
import type { HistoryFolder } from "#engine/history/history-folder";
import { readLog } from "#engine/history/log-files";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import type { CommandBody } from "#frontends/cli/command";
import { namedRun } from "#frontends/cli/find-run";
import { lostOutput } from "#frontends/cli/lost-output";
import { refuse } from "#frontends/cli/refuse";
import { openSession } from "#frontends/cli/session";
import { print } from "#system/stdio/print";
import type { Session } from "#frontends/cli/session";
import { createByteWriter } from "#system/stdio/writer";
import type { ByteWriter } from "#system/stdio/writer";

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const asked = await runAndTasks(workspace, words);
    if (!asked.ok) return refuse(session, asked.error);
    const { run, tasks } = asked.value;
    const folder = historyFolder(workspace.root);
    const chosen: StoredInstance[] = [];
    for (const task of tasks.length === 0 ? [undefined] : tasks) {
      const found = instancesOf(run, task);
      if (found.length === 0) return refuseLog(session, run, task);
      chosen.push(...found.filter((instance) => !chosen.includes(instance)));
    }
    return printLogs(run, chosen, { folder, session });
  },
};

/** The run that the words begin with, and tasks of it; the newest run of the task that they begin with. */
async function runAndTasks(
  workspace: Workspace,
  words: readonly string[],
): Promise<Result<{ readonly run: StoredRun; readonly tasks: readonly string[] }, Problems>> {
  const [reference = "last", ...tasks] = words;
  const run = await namedRun(workspace, reference);
  if (run.ok) return ok({ run: run.value, tasks });
  const newest = await newestRunOf(workspace, reference);
  if (newest !== undefined) return ok({ run: newest, tasks: words });
  const isTask = resolveReference(workspace, { pkg: workspace.current }, reference).length > 0;
  return isTask ? refused("E400", { name: reference, why: ", and no run of the history has the task" }) : run;
}

/** What has a log, in the plan's order; all of a run where no task is named. */
const instancesOf = ({ instances }: StoredRun, task: string | undefined): readonly StoredInstance[] =>
  instances.filter(
    (instance) =>
      instance.log !== undefined && (task === undefined || instance.id === task || instance.task === task),
  );

async function refuseLog(
  session: Session,
  { run, instances }: StoredRun,
  task: string | undefined,
): Promise<number> {
  if (task === undefined) {
    // Of a run as a whole that is nothing wrong.
    await print("stderr", `run ${run} printed nothing\n`);
    return 0;
  }
  const known = instances.find(({ id, task: name }) => id === task || name === task);
  const why =
    known === undefined
      ? ": it was not part of it"
      : known.startedAt === undefined
        ? ": it was not started"
        : ": it printed nothing";
  const names =
    known === undefined
      ? suggest(
          task,
          instances.map(({ id }) => id),
        )
      : [];
  return refuse(session, usageProblem("E402", { name: task, run, why }, names));
}

/** One log is printed as it is; of several each has its task's name above. */
async function printLogs(
  { run }: StoredRun,
  instances: readonly StoredInstance[],
  { folder, session }: { readonly folder: HistoryFolder; readonly session: Session },
): Promise<number> {
  const writer = createByteWriter();
  const encoder = new TextEncoder();
  for (const [index, instance] of instances.entries()) {
    if (instance.log === undefined) continue;
    if (instances.length > 1)
      await writer.write("stdout", encoder.encode(`${index === 0 ? "" : "\n"}==> ${instance.id} <==\n`));
    try {
      for await (const bytes of readLog(folder, run, instance.log)) {
        await writer.write("stdout", bytes);
        if (isGone(writer)) return 0;
      }
    } catch (error) {
      await writer.flush();
      if (!(error instanceof Error)) throw error;
      // The file has gone with the time, or somebody has written something else to it.
      return refuse(
        session,
        usageProblem("E402", { name: instance.id, run, why: ": it is not kept any more" }),
      );
    }
  }
  await writer.flush();
  const lost = lostOutput(writer);
  return lost === undefined ? 0 : refuse(session, lost);
}

const isGone = (writer: ByteWriter): boolean => writer.problem("stdout")?.closed === true;
