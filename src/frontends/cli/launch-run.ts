import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Plan } from "#core/model/plan";
import type { RunnablePlan } from "#app/operations/plan-run";
import { newRunId, startRun } from "#app/operations/run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { openRunHistory } from "#app/run-history";
import type { RunLook } from "#app/kept-runs";
import type { ResultMemory } from "#engine/cache/result-memory";
import type { PlanControl, RunResult } from "#engine/exec/run-plan";
import type { Invocation } from "#engine/history/stored-run";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererMode } from "#frontends/output/create-renderer";
import { createByteWriter } from "#system/stdio/writer";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { cacheOptions } from "./cache-options";
import { displayOf } from "./run-display";
import { confirmOf, questionLineFor } from "./run-progress";
import type { EventFile } from "./event-file";
import type { OpenReports } from "./run-reports";
import { pairs } from "./plan-input";
import { timeoutMs } from "./timeout-option";
import { formatOption, isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { isGithubStep } from "./terminal-facts";

/** Options that ask for a report about the run. */
const REPORTS = ["trace", "summary", "junit", "report"];

/** What a run is beside its plan and the options of its command line. */
export interface RunLaunch {
  /** What it is to the history. */
  readonly invocation: Invocation;
  /** Instances that have ended before it. */
  readonly settled?: ReadonlyMap<InstanceId, Outcome>;
  /** What is known of results from an earlier run. */
  readonly memory?: ResultMemory;
  /** Who else reads its events. */
  readonly subscribers?: readonly RunSubscriber[];
  /** What has to be around a question on the terminal. */
  readonly aside?: <T>(question: () => Promise<T>) => Promise<T>;
  /** Takes what would come to standard output to show the run. */
  readonly takeShown?: (bytes: Uint8Array) => void;
  /** Servers may print for hours: what they print is shown as it comes. */
  readonly isLive?: boolean;
}

/** A run that has been set going, with everything that shows and stores it. */
export interface LaunchedRun {
  readonly control: PlanControl;
  readonly result: Promise<RunResult>;
  /** To be called when the result is there: all is written; gives the exit code. */
  readonly finish: () => Promise<number>;
  /** The way in which it is shown. */
  readonly look: () => RunLook;
}

/** Starts a planned run with the renderers, reports and records that the options ask for. */
export async function launchRun(
  planned: RunnablePlan,
  session: Session,
  launch: RunLaunch,
): Promise<Result<LaunchedRun, Problems>> {
  const { options, host } = session;
  // Each is to be all that comes to standard output.
  if (textOption(options, "events") === "-" && formatOption(options) === "json")
    return err(usageProblem("E199", { option: "--events -", other: "--json" }));
  const id = newRunId();
  const writer = createByteWriter();
  const reports = await reportsOf(planned, session);
  if (!reports.ok) return reports;
  const subscribers: RunSubscriber[] = reports.value === undefined ? [] : [reports.value.subscriber];
  const line = await questionLineFor(planned, session, writer.write);
  const display = await displayOf(planned, session, { launch, id, write: shownBy(writer, line, launch) });
  const { mode, renderer } = display;
  subscribers.push(display.subscriber);
  const readers = await eventReaders(session, renderer);
  if (!readers.ok) return readers;
  subscribers.push(...readers.value.subscribers);
  const limit = timeoutMs(options);
  const labels = listOption(options, "label");
  const { invocation, settled } = launch;
  const carried = settled === undefined ? [] : [...settled.keys()];
  const history = openRunHistory(planned, { host, invocation, carried });
  const shell =
    isOn(options, "interactive") && launch.isLive !== true
      ? new (await import("./debug-shell")).DebugShell(session)
      : undefined;
  const given = listOption(options, "set").length > 0;
  const started = await startRun(planned, id, {
    host,
    failFast: !isOn(options, "keep-going") && planned.settings.global.fail_fast !== false,
    killOnFail: isOn(options, "kill-on-fail"),
    ...(limit === undefined ? {} : { timeoutMs: limit }),
    env: pairs(listOption(options, "env")),
    subscribers: [...subscribers, ...(launch.subscribers ?? [])],
    ...(given ? { tellCommand: (await import("./own-secrets")).withoutOwnSecrets(planned, host) } : {}),
    tools: async () => (await import("./tool-gate")).openToolGate(session, planned.settings),
    confirm: confirmOf(session, { ...launch, progress: display.progress, line }),
    resources: { monitor: isOn(options, "monitor"), verbose: isOn(options, "verbose") },
    exit: { ownCode: !isOn(options, "no-exit-code") },
    cache: { ...cacheOptions(options), ...(launch.memory === undefined ? {} : { memory: launch.memory }) },
    ...(session.load.profile === undefined ? {} : { profile: session.load.profile }),
    ...(labels.length === 0 ? {} : { labels: pairs(labels) }),
    ...(history === undefined ? {} : { history }),
    ...(settled === undefined ? {} : { settled }),
    ...(shell === undefined ? {} : { trace: shell.trace }),
  });
  if (!started.ok) return started;
  const { control, result } = started.value;
  const finish = async (): Promise<number> => {
    const ended = await result;
    const { exitCode } = ended;
    await writer.flush();
    await history?.finish();
    const told = reports.value === undefined ? exitCode : await reports.value.finish(exitCode);
    await shell?.open(planned, ended);
    const shown = writer.problem("stdout") === undefined ? undefined : await import("./lost-output");
    const screen = { problem: () => shown?.lostOutput(writer) };
    return sayUnwritten([screen, ...readers.value.files], session, told);
  };
  return ok({ control, result, finish, look: () => lookOf(mode, renderer, planned.plan) });
}

/** Where what is shown of the run goes to. */
function shownBy(
  writer: Pick<RendererOptions, "write">,
  line: Pick<RendererOptions, "write"> | undefined,
  { takeShown }: Pick<RunLaunch, "takeShown">,
): RendererOptions["write"] {
  const { write } = line ?? writer;
  return takeShown === undefined
    ? write
    : (stream, bytes) => (stream === "stdout" ? takeShown(bytes) : write(stream, bytes));
}

const lookOf = (
  mode: RendererMode,
  { color, unicode, quiet, timestamp, background, tells }: RendererOptions,
  plan: Plan,
): RunLook => ({
  mode,
  color,
  unicode,
  quiet: quiet === true,
  ...(timestamp === undefined ? {} : { timestamps: true }),
  ...(background === undefined ? {} : { background }),
  ...(tells === "events" ? { tells } : {}),
  silence: plan.instances.flatMap(({ id, silent }) => (silent === "none" ? [] : [[id, silent]])),
});

interface EventReaders {
  readonly subscribers: readonly RunSubscriber[];
  readonly files: readonly EventFile[];
}

/** What `--events` and `--log-file` ask for. */
async function eventReaders(
  session: Session,
  renderer: RendererOptions,
): Promise<Result<EventReaders, Problems>> {
  const subscribers: RunSubscriber[] = [];
  const written: EventFile[] = [];
  const events = textOption(session.options, "events");
  if (events === "-") subscribers.push(await createRenderer("events", renderer));
  const files = {
    events: events === "-" ? undefined : events,
    prefixed: textOption(session.options, "log-file"),
  };
  for (const mode of ["events", "prefixed"] as const) {
    const path = files[mode];
    if (path === undefined) continue;
    const opened = await (await import("./event-file")).eventFile(mode, path, { session, renderer });
    if (!opened.ok) return opened;
    subscribers.push(opened.value.subscriber);
    written.push(opened.value);
  }
  return ok({ subscribers, files: written });
}

/** Says which files are not whole, standard output among them. As with a report that is missing, that makes a good exit code bad. */
async function sayUnwritten(
  files: readonly Pick<EventFile, "problem">[],
  session: Session,
  exitCode: number,
): Promise<number> {
  let told = exitCode;
  for (const { problem } of files) {
    const found = problem();
    if (found === undefined) continue;
    const code = await (await import("./refuse")).refuse(session, found);
    if (told === 0) told = code;
  }
  return told;
}

/** The reports that the options or GitHub Actions ask for; none, and nothing loaded, where nobody asks. */
async function reportsOf(
  planned: RunnablePlan,
  session: Session,
): Promise<Result<OpenReports | undefined, Problems>> {
  const github = isGithubStep(session.host.env);
  if (!github && REPORTS.every((name) => textOption(session.options, name) === undefined))
    return ok(undefined);
  const { openReports } = await import("./run-reports");
  return openReports(planned, session, { github });
}
