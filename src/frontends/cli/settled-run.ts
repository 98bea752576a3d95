import type { RunSubscriber } from "#core/model/event";
import type { Invocation } from "#engine/history/stored-run";
import type { PlannedRun } from "#app/operations/plan-run";
import { newRunId } from "#app/operations/run";
import { historySetting, recorderOf } from "#app/run-history";
import {
  findSettledRun,
  isPlain,
  keepSettledRun,
  requestDigest,
  SettledKeeper,
  tellAgain,
} from "#app/settled-runs";
import type { RunLook } from "#app/settled-runs";
import { createRenderer, RENDERER_MODES } from "#frontends/output/create-renderer";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { monotonicMs } from "#system/clock/clock";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import type { ParsedCommand } from "./command";
import type { Session } from "./session";
import type { Recollection } from "./settled-place";

/**
 * Shows a run again in which nothing had to be done, where everything that it looked at looks the same. Undefined where
 * none is kept, or something may have changed.
 */
export async function recallRun(
  place: string,
  parsed: ParsedCommand,
  { session, invocation }: { readonly session: Session; readonly invocation: Invocation },
): Promise<number | undefined> {
  const beganMs = monotonicMs();
  const { host, cwd } = session;
  const run = findSettledRun(place, digestOf(parsed, session));
  if (run === undefined) return undefined;
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
  return 0;
}

/** Keeps a run in which nothing had to be done. */
export interface RunKeeper {
  readonly subscriber: RunSubscriber;
  /** To be called with the way in which it was shown, when everything has been written. */
  readonly finish: (look: RunLook) => Promise<void>;
}

/** What keeps the run of a plan for another time; undefined where that is not worth it, or can't be. */
export function keeperOf(
  planned: PlannedRun,
  parsed: ParsedCommand,
  {
    session,
    recollection,
    invocation,
  }: { readonly session: Session; readonly recollection: Recollection; readonly invocation: Invocation },
): RunKeeper | undefined {
  if (!isPlain(planned)) return undefined;
  const { place, trace, beganMs, said } = recollection;
  const subscriber = new SettledKeeper();
  return {
    subscriber,
    finish: async (look) => {
      const told = subscriber.told();
      if (told === undefined || said === undefined) return;
      const { root } = planned.plan;
      const history = historySetting(planned, invocation);
      const setting = { ...look, said, root, ...(history === undefined ? {} : { history }) };
      await keepSettledRun(told, {
        path: place,
        request: digestOf(parsed, session),
        trace,
        beganMs,
        setting,
      });
    },
  };
}

const digestOf = ({ words, extra, options }: ParsedCommand, { cwd, host }: Session): string =>
  requestDigest({ words, extra, options, cwd, terminals: [isTerminal(1), isTerminal(2)] }, host);
