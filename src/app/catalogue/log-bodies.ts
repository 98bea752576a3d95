import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { compileRegex, testRegex } from "#core/expr/regex/regex";
import { readLog } from "#engine/history/log-files";
import { listRuns } from "#engine/history/queries";
import { isBad, runStatus } from "#engine/history/stored-run";
import type { StoredInstance, StoredRun } from "#engine/history/stored-run";
import { historyFolder } from "#engine/history/history-folder";
import { readHistory } from "#app/history";
import { LogTally } from "#app/log-problems";
import { plainText } from "#app/log-excerpt";
import { newestRunOf } from "#app/newest-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { compact, LIST_SHARE } from "./answer-parts";
import { findSeenRun } from "./find-seen-run";
import type { FoundSeenRun } from "./find-seen-run";
import { cutText, pageOf } from "./fit";
import { isInstanceNamed } from "./instance-name";
import { linesOf } from "./log-lines";
import { logPage } from "./log-page";
import type { Mask, OperationBody, OperationContext } from "./operation";
import { lastLines, problemsOf } from "./run-answer";
import type { SeenInstance } from "./run-answer";
import { load } from "./workspace-load";

const USUAL_LINES = 40;
const USUAL_MATCHES = 20;
const USUAL_RUNS = 10;
const SEARCHED_RUNS = 10;
const MATCH_LENGTH = 240;
const MOST_LISTED = 1000;

export const getLogsBody: OperationBody = async (input, context) => {
  const found = await findMeantRun(input, context);
  if (!found.ok) return found;
  const { seen } = found.value;
  const chosen = await chooseLog(found.value, input.text("task"));
  if (!chosen.ok) return chosen;
  if (chosen.value === undefined) {
    const logs = await Promise.all(
      seen.instances.map(async ({ id, log }) => ({
        task: id,
        bytes: (await sizeOf(found.value, id)) ?? (await log?.())?.bytes ?? 0,
      })),
    );
    return ok({ value: { run: seen.run, logs: logs.filter(({ bytes }) => bytes > 0) } });
  }
  const page = await readPage(found.value, chosen.value, {
    cursor: input.text("cursor"),
    lines: input.number("limit") ?? USUAL_LINES,
    budget: context.budget * LIST_SHARE,
    mask: await context.masking(),
  });
  if (page === undefined) return err(noLog(found.value, chosen.value.id, ": it is not kept any more"));
  const { text, bytes, older, newer } = page;
  return ok({ value: { run: seen.run, task: chosen.value.id, text, bytes, ...compact({ older, newer }) } });
};

/** The run that is named, else the last one; where only a task is named that it has not, the newest one that has it. */
async function findMeantRun(
  input: Parameters<OperationBody>[0],
  context: OperationContext,
): Promise<Result<FoundSeenRun, Problems>> {
  const task = input.text("task");
  const found = await findSeenRun(input.text("run") ?? "last", context);
  if (input.text("run") !== undefined || task === undefined || !found.ok) return found;
  if (found.value.seen.instances.some(({ id }) => isInstanceNamed(id, task))) return found;
  const loaded = await load(context);
  const newest = loaded.ok ? await newestRunOf(loaded.value.workspace, task) : undefined;
  return newest === undefined ? found : findSeenRun(newest.run, context);
}

const sizeOf = ({ stored }: FoundSeenRun, id: string): Promise<number | undefined> =>
  Promise.resolve(stored?.instances.find((instance) => instance.id === id)?.log?.bytes);

/** The log that is meant: of the task named, else of the only one that failed or spoke; undefined where several did. */
async function chooseLog(
  found: FoundSeenRun,
  task: string | undefined,
): Promise<Result<SeenInstance | undefined, Problems>> {
  const { seen } = found;
  const speaking = seen.instances.filter(({ log }) => log !== undefined);
  if (task === undefined) {
    const failed = speaking.filter(({ outcome }) => outcome !== undefined && isBad(outcome.state));
    const [only, other] = failed.length > 0 ? failed : speaking;
    return ok(other === undefined ? only : undefined);
  }
  const named = seen.instances.filter(({ id }) => isInstanceNamed(id, task));
  const [chosen] = [...named.filter(({ log }) => log !== undefined), ...named];
  if (chosen === undefined) return err(noLog(found, task, ": it was not part of it"));
  return chosen.log === undefined ? err(noLog(found, task, ": it printed nothing")) : ok(chosen);
}

const noLog = ({ seen }: FoundSeenRun, name: string, why: string): Problems =>
  usageProblem(
    "E402",
    { name, run: seen.run, why },
    seen.instances.flatMap(({ id, log }) => (log === undefined ? [] : [String(id)])).slice(0, 3),
  );

/** The page of a kept log, or of what is at hand of a run in progress; undefined where it is not kept any more. */
async function readPage(
  found: FoundSeenRun,
  instance: SeenInstance,
  request: Parameters<typeof logPage>[1],
): Promise<Awaited<ReturnType<typeof logPage>> | undefined> {
  const pieces = piecesOf(found, instance.id);
  try {
    if (pieces !== undefined) return await logPage(pieces, request);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
  const excerpt = await instance.log?.();
  return excerpt === undefined
    ? undefined
    : { text: lastLines(excerpt, request.mask, request.lines), bytes: excerpt.bytes };
}

/** The bytes of a log that the history has; undefined where it has none. */
function piecesOf({ stored, folder }: FoundSeenRun, id: string): AsyncIterable<Uint8Array> | undefined {
  const log = stored?.instances.find((instance) => instance.id === id)?.log;
  return stored === undefined || log === undefined ? undefined : readLog(folder, stored.run, log);
}

export const logSummaryBody: OperationBody = async (input, context) => {
  const found = await findMeantRun(input, context);
  if (!found.ok) return found;
  const chosen = await chooseLog(found.value, input.text("task"));
  if (!chosen.ok) return chosen;
  const { seen } = found.value;
  if (chosen.value === undefined)
    return err(usageProblem("E184", { command: "log_summary", what: "the name of a task" }));
  const excerpt = await chosen.value.log?.();
  if (excerpt === undefined) return err(noLog(found.value, chosen.value.id, ": it is not kept any more"));
  const mask = await context.masking();
  const tally = new LogTally();
  const pieces = piecesOf(found.value, chosen.value.id);
  if (pieces === undefined)
    for (const text of excerpt.ends()) for (const line of text.split("\n")) tally.add(mask(line));
  else for await (const line of linesOf(pieces)) tally.add(mask(line));
  return ok({
    value: {
      run: seen.run,
      task: chosen.value.id,
      lines: excerpt.lines,
      bytes: excerpt.bytes,
      errors: tally.errors,
      warnings: tally.warnings,
      ...compact({
        problems: problemsOf(excerpt, mask, 10),
        repeated: tally.repeated(5),
        last: lastLines(excerpt, mask, 5),
      }),
    },
  });
};

export const searchLogsBody: OperationBody = async (input, context) => {
  const pattern = input.needed("pattern");
  const matcher = matcherOf(pattern, input.isOn("regex"));
  if (!matcher.ok) return err(usageProblem("E466", { pattern, reason: matcher.error }));
  const runs = await searchedRuns(input.text("run"), context);
  if (!runs.ok) return runs;
  const limit = input.number("limit") ?? USUAL_MATCHES;
  const task = input.text("task");
  const mask = await context.masking();
  const matches: object[] = [];
  for (const { stored, folder } of runs.value) {
    for (const instance of stored.instances) {
      if (task !== undefined && instance.id !== task && instance.task !== task) continue;
      for await (const match of matchesIn(stored, instance, { folder, matches: matcher.value, mask })) {
        if (context.signal.aborted) return ok({ value: { matches } });
        if (matches.length === limit) return ok({ value: { matches, more: true } });
        matches.push(match);
      }
    }
  }
  return ok({ value: { matches } });
};

type Matches = (line: string) => boolean;

function matcherOf(pattern: string, isRegex: boolean): Result<Matches, string> {
  if (pattern === "") return err("it is empty");
  if (!isRegex) {
    const wanted = pattern.toLowerCase();
    return ok((line) => line.toLowerCase().includes(wanted));
  }
  const regex = compileRegex(`(?i)${pattern.replace(/^\(\?i\)/, "")}`);
  return regex.ok ? ok((line) => testRegex(regex.value, line) === true) : regex;
}

interface SearchedRun {
  readonly stored: StoredRun;
  readonly folder: FoundSeenRun["folder"];
}

async function searchedRuns(
  reference: string | undefined,
  context: OperationContext,
): Promise<Result<readonly SearchedRun[], Problems>> {
  if (reference !== undefined) {
    const found = await findSeenRun(reference, context);
    if (!found.ok) return found;
    const { stored, folder } = found.value;
    return ok(stored === undefined ? [] : [{ stored, folder }]);
  }
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const { value = [] } = await readHistory(workspace, (database) =>
    listRuns(database, { labels: [], limit: SEARCHED_RUNS }),
  );
  return ok(value.map((stored) => ({ stored, folder: historyFolder(workspace.root) })));
}

interface MatchSetting {
  readonly folder: FoundSeenRun["folder"];
  readonly matches: Matches;
  readonly mask: Mask;
}

/** The lines of a log that match; none where it is not kept any more. */
async function* matchesIn(
  { run }: StoredRun,
  { id, log }: StoredInstance,
  { folder, matches, mask }: MatchSetting,
): AsyncGenerator<object> {
  if (log === undefined) return;
  let line = 0;
  try {
    for await (const raw of linesOf(readLog(folder, run, log))) {
      line += 1;
      const text = plainText(raw);
      // What nobody may see is not looked for either.
      if (matches(text) && matches(mask(text)))
        yield { run, task: id, line, text: cutText(mask(text).trim(), MATCH_LENGTH) };
    }
  } catch (error) {
    // The file has gone with the time.
    if (!(error instanceof Error)) throw error;
  }
}

export const taskHistoryBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const task = input.text("task");
  const mask = await context.masking();
  const { value: runs = [] } = await readHistory(loaded.value.workspace, (database) =>
    listRuns(database, { labels: [], limit: MOST_LISTED, ...(task === undefined ? {} : { task }) }),
  );
  const entries = runs.flatMap((stored) => entriesOf(stored, task, mask));
  const page = pageOf(entries, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? USUAL_RUNS,
    budget: context.budget * LIST_SHARE,
  });
  const judged = entries.filter(({ state }) => ["success", "failed", "timed_out"].includes(state));
  const good = judged.filter(({ state }) => state === "success").length;
  return ok({
    value: {
      runs: page.items,
      ...(judged.length === 0 ? {} : { successRate: Math.round((100 * good) / judged.length) / 100 }),
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

interface HistoryEntry {
  readonly run: string;
  readonly task?: string;
  readonly state: string;
  readonly durationMs: number;
  /** ISO 8601, to the second. */
  readonly at: string;
  readonly what?: string;
}

function entriesOf(stored: StoredRun, task: string | undefined, mask: Mask): readonly HistoryEntry[] {
  const { run, wallMs, invocation, durationMs, instances } = stored;
  const at = `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
  if (task === undefined) {
    const what = [invocation.command, ...invocation.words].join(" ");
    return [
      {
        run,
        state: runStatus(stored),
        durationMs: Math.round(durationMs),
        at,
        what: cutText(mask(what), 80),
      },
    ];
  }
  return instances
    .filter((instance) => instance.id === task || instance.task === task)
    .map((instance) => ({
      run,
      ...(instance.id === task ? {} : { task: String(instance.id) }),
      state: instance.outcome.state,
      durationMs: Math.round(instance.durationMs),
      at,
    }));
}
