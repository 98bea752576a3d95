import { formatDuration } from "#base/duration";
import { readHistory } from "#app/history";
import type { Workspace } from "#core/workspace/workspace";
import { historyFolder } from "#engine/history/history-folder";
import { readLog } from "#engine/history/log-files";
import { findRun, listRuns, summarizeRuns } from "#engine/history/queries";
import { runStatus } from "#engine/history/stored-run";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import { wasCalledFor } from "#core/model/outcome";
import { plainLook } from "#frontends/output/look";
import { outcomeText } from "#frontends/output/outcome-text";
import { LogBuffer } from "./log-buffer";
import type { PastEnd, PastRun } from "./state";
import { itemKey } from "./task-item";

const MOST_RUNS = 200;
/** Runs in which the last end of each task is looked for. */
const RECENT_RUNS = 20;
const ALL = { labels: [] };

/** The last runs, newest first. */
export async function pastRuns(workspace: Workspace): Promise<readonly PastRun[]> {
  const { value = [] } = await readHistory(workspace, (database) =>
    summarizeRuns(database, { ...ALL, limit: MOST_RUNS }),
  );
  return value.map(({ run, counts }) => ({
    run: run.run,
    wallMs: run.wallMs,
    durationMs: run.durationMs,
    status: runStatus(run),
    what: whatText(run),
    counts,
  }));
}

const whatText = ({ invocation: { words, command }, requested }: StoredRun): string => {
  const text = words.length === 0 ? requested.join(" ") : words.join(" ");
  return command === "run" ? text : `${command} ${text}`;
};

/** How each task ended in the last run that it was part of. */
export async function pastEnds(workspace: Workspace): Promise<readonly PastEnd[]> {
  const { value = [] } = await readHistory(workspace, (database) =>
    listRuns(database, { ...ALL, limit: RECENT_RUNS }),
  );
  const ends: PastEnd[] = [];
  const known = new Set<string>();
  for (const run of value) {
    const here = run.instances.filter(
      (instance) => !known.has(keyOf(instance)) && wasCalledFor(instance.outcome),
    );
    for (const instance of here) {
      const { id, outcome, durationMs } = instance;
      ends.push({ item: keyOf(instance), id, outcome, durationMs });
    }
    for (const instance of here) known.add(keyOf(instance));
  }
  return ends;
}

const keyOf = ({ package: pkg, task }: StoredInstance): string => itemKey("task", pkg, task);

/** A run as text: how each of its tasks ended, with `withLogs` also what they printed. */
export async function pastRunLog(
  workspace: Workspace,
  run: string,
  { withLogs, hasUnicode }: { readonly withLogs: boolean; readonly hasUnicode: boolean },
): Promise<LogBuffer> {
  const log = new LogBuffer();
  const { value: found } = await readHistory(workspace, (database) => findRun(database, run));
  if (found?.kind !== "found") {
    log.say("this run is not kept any more");
    return log;
  }
  const { symbols } = plainLook(hasUnicode);
  for (const { id, outcome, durationMs } of found.run.instances) {
    if (!wasCalledFor(outcome)) continue;
    const time = durationMs > 0 ? ` (${formatDuration(durationMs)})` : "";
    log.say(`${symbols.state[outcome.state]} ${id} ${outcomeText(outcome)}${time}`);
  }
  if (!withLogs) log.say("Enter shows what they printed");
  else for (const instance of found.run.instances) await appendLog(log, found.run, { workspace, instance });
  return log;
}

async function appendLog(
  log: LogBuffer,
  { run }: StoredRun,
  { workspace, instance }: { readonly workspace: Workspace; readonly instance: StoredInstance },
): Promise<void> {
  if (instance.log === undefined) return;
  log.say("");
  log.say(`==> ${instance.id} <==`);
  const decoder = new TextDecoder();
  try {
    for await (const bytes of readLog(historyFolder(workspace.root), run, instance.log))
      log.append(instance.id, decoder.decode(bytes, { stream: true }));
    log.append(instance.id, decoder.decode());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // It has gone with the time, or somebody has written something else to it.
    log.say("its log is not kept any more");
  }
}
