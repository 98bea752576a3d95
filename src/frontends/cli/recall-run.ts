import type { RunSubscriber } from "#core/model/event";
import type { Instance } from "#core/model/plan";
import { noteAgain } from "#engine/cache/read-facts";
import { ResultMemory } from "#engine/cache/result-memory";
import type { StatIndex } from "#engine/cache/stat-index";
import type { Invocation } from "#engine/history/stored-run";
import type { RepeatedWork } from "#app/kept-work";
import type { PlannedRun } from "#app/operations/plan-run";
import { newRunId } from "#app/operations/run";
import { requestDigest } from "#app/request-digest";
import { historySetting, recorderOf } from "#app/run-history";
import { findSettledRun, isPlain, keepSettledRun, SettledKeeper, tellAgain } from "#app/settled-runs";
import type { FoundRun, RunLook, RunRequest } from "#app/settled-runs";
import { createRenderer, RENDERER_MODES } from "#frontends/output/create-renderer";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { monotonicMs } from "#system/clock/clock";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import type { ParsedCommand } from "./command";
import type { Session } from "./session";
import { beginRecollection } from "./settled-place";
import type { Recollection } from "./settled-place";

/** A run that is planned already, with what is known of its results. */
export interface RecalledRun extends RepeatedWork {
  readonly keep: RunKeeper;
}

/**
 * Shows a run again in which nothing had to be done, where everything that it looked at looks the same, and gives the exit
 * code. Where only outputs and what is in inputs may have changed, the run without planning it. Undefined where none is
 * kept, or something else may have changed.
 */
export async function recallRun(
  place: string,
  parsed: ParsedCommand,
  { session, invocation }: { readonly session: Session; readonly invocation: Invocation },
): Promise<number | RecalledRun | undefined> {
  const beganMs = monotonicMs();
  const found = findSettledRun(place, digestOf(parsed, session));
  if (found === undefined) return undefined;
  if (found.changed.length > 0 || found.run.told.length === 0)
    return repeatRun(found, place, { parsed, session, invocation });
  return showAgain(found.run, { session, invocation, beganMs });
}

/** Sets a kept run up to be done again. */
async function repeatRun(
  { run, changed }: FoundRun,
  place: string,
  {
    parsed,
    session,
    invocation,
  }: { readonly parsed: ParsedCommand; readonly session: Session; readonly invocation: Invocation },
): Promise<RecalledRun | undefined> {
  const { decodeWork } = await import("#app/kept-work");
  const work = await decodeWork(run.work, run.facts, { changed, load: session.load });
  if (work === undefined) return undefined;
  const { said } = run.setting;
  if (said !== "") await print("stderr", said);
  const recollection = { ...beginRecollection(place), said };
  const { memory } = work;
  const known = (): StatIndex => noteAgain(run.facts, changed, recollection.trace);
  const keep = keeperOf(work.planned, parsed, { session, recollection, invocation, memory, known });
  return keep === undefined ? undefined : { ...work, keep };
}

async function showAgain(
  run: FoundRun["run"],
  {
    session,
    invocation,
    beganMs,
  }: { readonly session: Session; readonly invocation: Invocation; readonly beganMs: number },
): Promise<number | undefined> {
  const { host, cwd } = session;
  const { said, root, history, silence, color, unicode, quiet, mode } = run.setting;
  const known = RENDERER_MODES.find((name) => name === mode);
  if (known === undefined) return undefined;
  if (said !== "") await print("stderr", said);
  const id = newRunId();
  const writer = createByteWriter();
  const silent = new Map(silence);
  const renderer: RendererOptions = {
    write: writer.write,
    color,
    unicode,
    get columns() {
      return windowSize(2)?.columns ?? 80;
    },
    cwd,
    spoolFolder: `${root}/.zr/run/${id}`,
    quiet,
    ...(silent.size === 0 ? {} : { silence: (instance) => silent.get(instance) ?? "none" }),
  };
  const subscribers = [await createRenderer(known, renderer)];
  const recorder =
    history === undefined
      ? []
      : [
          recorderOf({
            run: id,
            root,
            invocation,
            env: host.env,
            ...history,
            secrets: () => Promise.resolve([]),
          }),
        ];
  await tellAgain(run, { id, beganMs, subscribers: [...subscribers, ...recorder] });
  await writer.flush();
  if (writer.problem("stdout") === undefined) return 0;
  const lost = (await import("./lost-output")).lostOutput(writer);
  return lost === undefined ? 0 : (await import("./refuse")).refuse(session, lost);
}

/** Keeps a run in which nothing had to be done. */
export interface RunKeeper {
  readonly subscriber: RunSubscriber;
  /** What the run is to tell of its results. */
  readonly memory: ResultMemory;
  /** To be called with the way in which it was shown, when everything has been written. */
  readonly finish: (look: RunLook) => Promise<void>;
}

interface KeeperSetting {
  readonly session: Session;
  readonly recollection: Recollection;
  readonly invocation: Invocation;
  readonly memory?: ResultMemory;
  /** Notes what has been looked at already, and says how it looks. */
  readonly known?: () => StatIndex;
}

/** What keeps the run of a plan for another time; undefined where that is not worth it, or can't be. */
export function keeperOf(
  planned: PlannedRun,
  parsed: ParsedCommand,
  { session, recollection, invocation, memory = new ResultMemory(), known }: KeeperSetting,
): RunKeeper | undefined {
  // Parameters may be secrets, and what is kept is not masked.
  if (!isPlain(planned) || planned.plan.instances.some(takesParameters)) return undefined;
  const { place, trace, beganMs, said } = recollection;
  const subscriber = new SettledKeeper();
  return {
    subscriber,
    memory,
    finish: async (look) => {
      const told = subscriber.told();
      // The plan of a run that was repeated is kept already.
      if (!subscriber.isWell || said === undefined || (told === undefined && known !== undefined)) return;
      const { root } = planned.plan;
      const history = historySetting(planned, invocation);
      const setting = { ...look, said, root, ...(history === undefined ? {} : { history }) };
      await keepSettledRun(told, {
        path: place,
        request: digestOf(parsed, session),
        trace,
        beganMs,
        setting,
        planned,
        host: session.host,
        memory,
        ...(known === undefined ? {} : { known: known() }),
      });
    },
  };
}

/** Whether some of its parameters may come from the command line. */
const takesParameters = ({ reason, params }: Instance): boolean =>
  reason.kind === "requested" && Object.keys(params).length > 0;

function digestOf({ words, extra, options }: ParsedCommand, { cwd, host }: Session): string {
  const terminals = [isTerminal(1), isTerminal(2)];
  const request: RunRequest = { words, extra, options, cwd, terminals };
  return requestDigest(request, host);
}
