import type { RunnablePlan } from "#app/operations/plan-run";
import type { RunSettings } from "#core/config/run-settings";
import type { RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import type { Outcome } from "#core/model/outcome";
import type { Invocation } from "#engine/history/stored-run";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererMode } from "#frontends/output/create-renderer";
import type { LateProgress } from "#frontends/output/late-progress";
import type { Monitor } from "#frontends/output/monitor";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { progressOf } from "./run-progress";
import { formatOption, isOn, textOption } from "./session";
import type { Session } from "./session";
import { foldedMode, hasUnicode, isCi } from "./terminal-facts";
import { timeOfDay } from "./time-of-day";

/** Options that filter what is shown. Data is not filtered. */
const FILTERS = ["grep", "grep-v", "highlight"];

/** What shows a run to the user. */
export interface RunDisplay {
  readonly mode: RendererMode;
  readonly renderer: RendererOptions;
  readonly subscriber: RunSubscriber;
  /** The live view; there where one may be drawn. */
  readonly progress: LateProgress | undefined;
}

/** What a run is to those who show it. */
export interface ShownLaunch {
  readonly invocation: Invocation;
  readonly settled?: ReadonlyMap<InstanceId, Outcome>;
  readonly isLive?: boolean;
}

export interface DisplaySetting {
  readonly launch: ShownLaunch;
  readonly id: RunId;
  readonly write: RendererOptions["write"];
}

/** Puts together what the options, the configuration and the terminal ask for. */
export async function displayOf(
  planned: RunnablePlan,
  session: Session,
  { launch, id, write }: DisplaySetting,
): Promise<RunDisplay> {
  const { options, host } = session;
  const monitor = await monitorOf(options, write);
  const asked = outputMode(planned, session, launch);
  const mode = asked === "grouped" ? (foldedMode(host.env) ?? asked) : asked;
  const look = lookOf(planned, session);
  const format = planned.settings.global.log_format;
  const isShared = launch.isLive === true || format === "plain" || format === "json";
  const progress = progressOf(planned, session, { mode, write: monitor.write, look, isShared });
  const renderer: RendererOptions = {
    write: progress?.write ?? monitor.write,
    get color() {
      return look.color;
    },
    get unicode() {
      return look.unicode;
    },
    get background() {
      return look.background;
    },
    get columns() {
      return windowSize(2)?.columns ?? 80;
    },
    get canOpenShell() {
      return !isOn(options, "interactive") && !isCi(host.env) && isTerminal(0) && isTerminal(2);
    },
    get rerunFlags() {
      return rerunFlags(session);
    },
    againWords: async (instance) => (await import("./again-words")).againWords(planned, session, instance),
    ...(planned.workflow === undefined ? {} : { workflowName: launch.invocation.words[0] }),
    ...(format === "json" ? { tells: "events" } : {}),
    cwd: session.cwd,
    spoolFolder: `${planned.plan.root}/.zr/run/${id}`,
    quiet: isQuiet(planned, options),
    timestamp: planned.settings.ui.timestamps === true ? timeOfDay : undefined,
    silence: silenceOf(planned.plan),
    isConditional: conditionalOf(planned.plan),
  };
  const level = planned.settings.global.log_level;
  const isVerbose = isOn(options, "verbose") || level === "debug" || level === "trace";
  if (isVerbose && format !== "json") await sayMore(planned, mode);
  const made = await createRenderer(mode, renderer);
  const isFiltered = FILTERS.some((name) => options[name] !== undefined) && mode !== "json";
  const shown = monitor.around(
    isFiltered ? (await import("./output-filter")).filteredBy(options, made, renderer.color) : made,
  );
  return { mode, renderer, subscriber: progress?.around(shown) ?? shown, progress };
}

/** The terminal is asked when zr has something to say itself: a task that succeeds needs none of it. */
const lookOf = (
  planned: RunnablePlan,
  session: Session,
): Pick<RendererOptions, "color" | "unicode" | "background"> => ({
  get color() {
    return hasColor(planned.settings, session);
  },
  get unicode() {
    return hasSigns(planned.settings, session.host);
  },
  get background() {
    const { theme } = planned.settings.ui;
    return theme === "dark" || theme === "light" ? theme : undefined;
  },
});

/** What tells how the user wants things to look. */
type Configured = Pick<RunSettings, "global" | "ui">;

/** Shows beside the output what tasks take, where that is asked for. */
async function monitorOf(options: Session["options"], write: RendererOptions["write"]): Promise<Monitor> {
  if (!isOn(options, "monitor")) return { write, around: (renderer) => renderer };
  const { createMonitor } = await import("#frontends/output/monitor");
  return createMonitor({ write, window: () => windowSize(2), sharesStdout: isTerminal(1) });
}

/** By flag and environment first, then by `[ui]`. */
export function hasColor({ global, ui }: Configured, { options, host, color }: Session): boolean {
  const isDecided =
    textOption(options, "color") !== undefined ||
    (host.env["NO_COLOR"] ?? "") !== "" ||
    (host.env["FORCE_COLOR"] ?? "") !== "";
  if (isDecided) return color;
  if (global.log_format === "plain") return false;
  const asked = ui.color;
  return asked === undefined || asked === "auto" ? color : asked === "always";
}

/** By `[ui]`, else by the locale. */
export function hasSigns({ ui }: Pick<RunSettings, "ui">, host: Session["host"]): boolean {
  const asked = ui.unicode;
  return typeof asked === "boolean" ? asked : hasUnicode(host.env);
}

/** `--quiet`, or a log level that leaves out what went well. */
function isQuiet({ settings }: RunnablePlan, options: Session["options"]): boolean {
  const level = settings.global.log_level;
  return isOn(options, "quiet") || (!isOn(options, "verbose") && (level === "warn" || level === "error"));
}

/** What zr says about itself when asked to say more. */
async function sayMore({ plan, jobs, settings }: RunnablePlan, mode: RendererMode): Promise<void> {
  const files = settings.files.join(", ");
  await print(
    "stderr",
    `zr: configuration ${files}\nzr: plan of ${plan.instances.length} ${plan.instances.length === 1 ? "instance" : "instances"}, ${jobs} slots, output ${mode}\n`,
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
  { plan, settings }: RunnablePlan,
  { options, host }: Session,
  { settled, isLive }: ShownLaunch,
): RendererMode {
  if (formatOption(options) === "json") return "json";
  if (textOption(options, "events") === "-") return "quiet";
  if (isOn(options, "raw")) return "interleaved";
  const asked = textOption(options, "output") ?? settings.global.output;
  if (asked !== undefined) return asked as RendererMode; // Checked by the parser or by the schema.
  if (isOn(options, "quiet")) return "quiet";
  const commandsRun = plan.instances.filter(({ id, steps }) => steps.length > 0 && settled?.has(id) !== true);
  if (commandsRun.length <= 1 && !(isCi(host.env) && plan.instances.length > 1)) return "interleaved";
  return isLive === true && commandsRun.some(({ persistent }) => persistent) ? "prefixed" : "grouped";
}
