import { decodeWork } from "#app/kept-plan";
import type { RepeatedWork } from "#app/kept-plan";
import { findKeptRun, isTellable, tellAgain } from "#app/kept-runs";
import type { FoundRun } from "#app/kept-runs";
import type { KeptPlace } from "#app/kept-place";
import { newRunId } from "#app/operations/run";
import { recorderOf } from "#app/run-history";
import type { Invocation } from "#engine/history/stored-run";
import { createRenderer, RENDERER_MODES } from "#frontends/output/create-renderer";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { monotonicMs } from "#system/clock/clock";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import { execute } from "./execute-run";
import type { RunKeeper } from "./keep-run";
import { beginRecollection } from "./recollection";
import { isOn } from "./session";
import type { Session } from "./session";

/** How a run ended that was done again, or what was said where it turned out that it can't be. */
type Recalled = { readonly exitCode: number } | { readonly said: string };

const NOTHING: Recalled = { said: "" };

interface RecallSetting {
  readonly session: Session;
  readonly invocation: () => Invocation;
}

/**
 * Does a request again without planning it: what nothing had to be done for is shown again, anything else is run by the plan
 * that was made before. Not where no run of it is kept, something else may have changed than what its tasks read and make,
 * or the plan can't be started: then what is wrong is to be told as of now.
 */
export async function recallRun(place: KeptPlace, { session, invocation }: RecallSetting): Promise<Recalled> {
  const beganMs = monotonicMs();
  const found = await findKeptRun(place);
  if (found === undefined) return NOTHING;
  const { run, changed } = found;
  const isDry = isOn(session.options, "dry-run");
  if (changed.length === 0 && run.isComplete && !isDry && isShownAlike(run.setting)) {
    const exitCode = await showAgain(run, { session, invocation: invocation(), beganMs });
    return exitCode === undefined ? NOTHING : { exitCode };
  }
  const work = decodeWork(run, changed);
  if (work === undefined) return NOTHING;
  const { said } = run.setting;
  if (said !== "") await print("stderr", said);
  if (isDry)
    return { exitCode: await (await import("./dry-run")).showDryRun(await rankedNow(work), session) };
  const again = { planned: await rankedNow(work), memory: work.memory };
  const keep = isTellable(again.planned)
    ? await keeperAgain(found, again, { place, invocation: invocation() })
    : undefined;
  const past = { invocation: invocation(), again: undefined, memory: again.memory, keep };
  const executed = await execute(again.planned, session, past);
  return executed.ok ? { exitCode: executed.value } : { said };
}

/** Whether what is written goes where it went then. */
const isShownAlike = ({ look }: FoundRun["run"]["setting"]): boolean =>
  look?.terminals[0] === isTerminal(1) && look.terminals[1] === isTerminal(2);

/** With a slot for everyone, or next to nothing to do, there is no order to choose; else by what is known of times by now. */
async function rankedNow({ planned, memory }: RepeatedWork): Promise<RepeatedWork["planned"]> {
  const { plan, jobs } = planned;
  if (plan.instances.length <= jobs || memory.known.size > 0) return planned;
  const { rankByHistory } = await import("#app/expected-durations");
  return { ...planned, plan: await rankByHistory(plan) };
}

/** What keeps the run of a plan that is done again, where it may turn out that nothing has to be done. */
async function keeperAgain(
  { run, changed }: FoundRun,
  { planned, memory }: RepeatedWork,
  { place, invocation }: { readonly place: KeptPlace; readonly invocation: Invocation },
): Promise<RunKeeper | undefined> {
  const { keeperOf } = await import("./keep-run");
  const recollection = { ...beginRecollection(place), said: run.setting.said };
  const again = { memory, facts: run.facts, changed, isWhole: run.setting.isWhole === true };
  return keeperOf({ planned, complete: planned }, { recollection, invocation, again });
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
  const { said, root, history, look } = run.setting;
  const known = RENDERER_MODES.find((name) => name === look?.mode);
  if (known === undefined || look === undefined) return undefined;
  const { silence, color, unicode, quiet, timestamps, background, tells } = look;
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
    ...(timestamps === undefined ? {} : { timestamp: (await import("./time-of-day")).timeOfDay }),
    ...(background === undefined ? {} : { background }),
    ...(tells === undefined ? {} : { tells }),
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
