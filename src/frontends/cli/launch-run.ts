import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import { timeoutMs } from "#app/operations/plan-run";
import type { PlannedRun } from "#app/operations/plan-run";
import { planWithHooks } from "#app/operations/plan-with-hooks";
import { newRunId, startRun } from "#app/operations/run";
import type { Problems } from "#app/problems";
import { openRunHistory } from "#app/run-history";
import type { RunLook } from "#app/settled-runs";
import type { Confirm } from "#engine/exec/run-context";
import type { PlanControl, RunResult } from "#engine/exec/run-plan";
import type { Invocation } from "#engine/history/stored-run";
import type { RendererOptions } from "#frontends/output/renderer-options";
import type { Monitor } from "#frontends/output/monitor";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererMode } from "#frontends/output/create-renderer";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { cacheOptions } from "./cache-options";
import type { OpenReports } from "./run-reports";
import { pairs } from "./plan-input";
import { formatOption, isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { foldedMode, hasUnicode, isCi, isGithubStep } from "./terminal-facts";

/** Options that ask for a report about the run. */
const REPORTS = ["trace", "summary", "junit", "report"];

/** What a run is beside its plan and the options of its command line. */
export interface RunLaunch {
  /** What it is to the history. */
  readonly invocation: Invocation;
  /** Instances that have ended before it. */
  readonly settled?: ReadonlyMap<InstanceId, Outcome>;
  /** Who else reads its events. */
  readonly subscribers?: readonly RunSubscriber[];
  /** Asks in another way than on the terminal by itself. */
  readonly confirm?: Confirm;
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
  planned: PlannedRun,
  session: Session,
  launch: RunLaunch,
): Promise<Result<LaunchedRun, Problems>> {
  const { options, host } = session;
  const id = newRunId();
  const writer = createByteWriter();
  const monitor = await monitorOf(options, writer.write);
  const reports = await reportsOf(planned, session);
  if (!reports.ok) return reports;
  const subscribers: RunSubscriber[] = reports.value === undefined ? [] : [reports.value.subscriber];
  // The terminal is asked when zr has something to say itself: a task that succeeds needs none of it.
  const renderer: RendererOptions = {
    write: monitor.write,
    get color() {
      return hasColor(planned, session);
    },
    get unicode() {
      return hasSigns(planned, host);
    },
    get columns() {
      return windowSize(2)?.columns ?? 80;
    },
    get rerunFlags() {
      return rerunFlags(session);
    },
    ...(planned.workflow === undefined ? {} : { workflowName: launch.invocation.words[0] }),
    cwd: session.cwd,
    spoolFolder: `${planned.plan.root}/.zr/run/${id}`,
    quiet: isQuiet(planned, options),
    silence: silenceOf(planned.plan),
    isConditional: conditionalOf(planned.plan),
  };
  const asked = outputMode(planned, session, launch);
  const mode = asked === "grouped" ? (foldedMode(host.env) ?? asked) : asked;
  const level = planned.workspace.current.config.global.log_level;
  if (isOn(options, "verbose") || level === "debug" || level === "trace") await sayMore(planned, mode);
  subscribers.push(monitor.around(await createRenderer(mode, renderer)));
  subscribers.push(...(await eventReaders(session, renderer)));
  const limit = timeoutMs(textOption(options, "timeout"));
  const labels = listOption(options, "label");
  const { invocation, settled } = launch;
  const carried = settled === undefined ? [] : [...settled.keys()];
  const history = openRunHistory(planWithHooks(planned), planned.workspace, { host, invocation, carried });
  const started = await startRun(planned, id, {
    host,
    failFast: !isOn(options, "keep-going") && planned.workspace.current.config.global.fail_fast !== false,
    killOnFail: isOn(options, "kill-on-fail"),
    ...(limit === undefined ? {} : { timeoutMs: limit }),
    env: pairs(listOption(options, "env")),
    subscribers: [...subscribers, ...(launch.subscribers ?? [])],
    confirm: launch.confirm ?? (async (question) => (await import("./confirm")).confirm(question, options)),
    resources: { monitor: isOn(options, "monitor"), verbose: isOn(options, "verbose") },
    exit: { ownCode: !isOn(options, "no-exit-code") },
    cache: cacheOptions(options),
    ...(session.load.profile === undefined ? {} : { profile: session.load.profile }),
    ...(labels.length === 0 ? {} : { labels: pairs(labels) }),
    ...(history === undefined ? {} : { history }),
    ...(settled === undefined ? {} : { settled }),
  });
  if (!started.ok) return started;
  const { control, result } = started.value;
  const finish = async (): Promise<number> => {
    const { exitCode } = await result;
    await writer.flush();
    await history?.finish();
    return reports.value === undefined ? exitCode : reports.value.finish(exitCode);
  };
  return ok({ control, result, finish, look: () => lookOf(mode, renderer, planned.plan) });
}

const lookOf = (mode: RendererMode, { color, unicode, quiet }: RendererOptions, plan: Plan): RunLook => ({
  mode,
  color,
  unicode,
  quiet: quiet === true,
  silence: plan.instances.flatMap(({ id, silent }) => (silent === "none" ? [] : [[id, silent]])),
});

/** What `--events` and `--log-file` ask for. */
async function eventReaders(session: Session, renderer: RendererOptions): Promise<readonly RunSubscriber[]> {
  const readers: RunSubscriber[] = [];
  const events = textOption(session.options, "events");
  if (events === "-") readers.push(await createRenderer("events", renderer));
  else if (events !== undefined)
    readers.push(await (await import("./event-file")).eventFile(events, session, renderer));
  const logFile = textOption(session.options, "log-file");
  if (logFile !== undefined)
    readers.push(await (await import("./event-file")).logFile(logFile, session, renderer));
  return readers;
}

/** Shows beside the output what tasks take, where that is asked for. */
async function monitorOf(options: Session["options"], write: RendererOptions["write"]): Promise<Monitor> {
  if (!isOn(options, "monitor")) return { write, around: (renderer) => renderer };
  const { createMonitor } = await import("#frontends/output/monitor");
  return createMonitor({ write, window: () => windowSize(2), sharesStdout: isTerminal(1) });
}

/** The reports that the options or GitHub Actions ask for; none, and nothing loaded, where nobody asks. */
async function reportsOf(
  planned: PlannedRun,
  session: Session,
): Promise<Result<OpenReports | undefined, Problems>> {
  const github = isGithubStep(session.host.env);
  if (!github && REPORTS.every((name) => textOption(session.options, name) === undefined))
    return ok(undefined);
  const { openReports } = await import("./run-reports");
  return openReports(planned, session, { github });
}

/** By flag and environment first, then by `[ui]`. */
function hasColor({ workspace }: PlannedRun, { options, host, color }: Session): boolean {
  const isDecided =
    textOption(options, "color") !== undefined ||
    (host.env["NO_COLOR"] ?? "") !== "" ||
    (host.env["FORCE_COLOR"] ?? "") !== "";
  if (isDecided) return color;
  const ui = workspace.current.config.files.map((file) => file.document.ui);
  const asked = ui.map((table) => table?.color).findLast((value) => value !== undefined);
  return asked === undefined || asked === "auto" ? color : asked === "always";
}

function hasSigns({ workspace }: PlannedRun, host: Session["host"]): boolean {
  const ui = workspace.current.config.files.map((file) => file.document.ui);
  const asked = ui.map((table) => table?.unicode).findLast((value) => value !== undefined);
  return typeof asked === "boolean" ? asked : hasUnicode(host.env);
}

/** `--quiet`, or a log level that leaves out what went well. */
function isQuiet({ workspace }: PlannedRun, options: Session["options"]): boolean {
  const level = workspace.current.config.global.log_level;
  return isOn(options, "quiet") || (!isOn(options, "verbose") && (level === "warn" || level === "error"));
}

/** What zr says about itself when asked to say more. */
async function sayMore({ plan, jobs, workspace }: PlannedRun, mode: RendererMode): Promise<void> {
  const files = workspace.current.config.files.map((file) => file.path).join(", ");
  await print(
    "stderr",
    `zr: configuration ${files}\nzr: plan of ${plan.instances.length} instances, ${jobs} slots, output ${mode}\n`,
  );
}

/** The options by which this command line chose its configuration. */
const rerunFlags = ({ options }: Session): readonly string[] =>
  ["chdir", "config", "profile"].flatMap((name) => {
    const value = textOption(options, name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });

function conditionalOf(plan: Plan): RendererOptions["isConditional"] {
  const conditional = plan.instances.filter((instance) => instance.outputIf !== undefined);
  if (conditional.length === 0) return undefined;
  const ids = new Set(conditional.map(({ id }) => id));
  return (id) => ids.has(id);
}

function silenceOf(plan: Plan): RendererOptions["silence"] {
  const silent = new Map<Instance["id"], Instance["silent"]>();
  for (const instance of plan.instances)
    if (instance.silent !== "none") silent.set(instance.id, instance.silent);
  return silent.size === 0 ? undefined : (id) => silent.get(id) ?? "none";
}

/** By flag, by configuration, else: raw for one command, grouped for several, line by line beside servers. */
function outputMode(
  { plan, workspace }: PlannedRun,
  { options, host }: Session,
  { settled, isLive }: RunLaunch,
): RendererMode {
  if (formatOption(options) === "json") return "json";
  if (textOption(options, "events") === "-") return "quiet";
  if (isOn(options, "raw")) return "interleaved";
  const asked = textOption(options, "output") ?? workspace.current.config.global.output;
  if (asked !== undefined) return asked as RendererMode; // Checked by the parser or by the schema.
  if (isOn(options, "quiet")) return "quiet";
  const commandsRun = plan.instances.filter(({ id, steps }) => steps.length > 0 && settled?.has(id) !== true);
  if (commandsRun.length <= 1 && !(isCi(host.env) && plan.instances.length > 1)) return "interleaved";
  return isLive === true && commandsRun.some(({ persistent }) => persistent) ? "prefixed" : "grouped";
}
