import type { RunSubscriber } from "#core/model/event";
import type { Instance, Plan } from "#core/model/plan";
import { loadWorkspace } from "#app/load-workspace";
import { planLoaded, timeoutMs, unknownWord } from "#app/operations/plan-run";
import type { PlannedRun } from "#app/operations/plan-run";
import { newRunId, startRun } from "#app/operations/run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererMode } from "#frontends/output/create-renderer";
import { onEndSignals } from "#system/signals";
import { windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import type { OpenReports } from "#frontends/cli/run-reports";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { pairs, planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode, isCi, isGithubStep } from "#frontends/cli/terminal-facts";

/** Options that ask for a report about the run. */
const REPORTS = ["trace", "summary", "junit"];

export const body: CommandBody = {
  run: (parsed, line) => runTasks(parsed, openSession(parsed.options, line), { line }),
};

/** `zr NAME`: a task, or one of the user's own command shortcuts. */
export const runNamed = (
  parsed: ParsedCommand,
  line: CommandLine,
  later: string | undefined,
): Promise<number> => runTasks(parsed, openSession(parsed.options, line), { line, shorthand: { later } });

interface Origin {
  readonly line: CommandLine;
  /** Set where the first word may be more than a task. */
  readonly shorthand?: {
    /** The feature that a command of this name belongs to, where there is no such task. */
    readonly later: string | undefined;
  };
}

async function runTasks(
  parsed: ParsedCommand,
  session: Session,
  { line, shorthand }: Origin,
): Promise<number> {
  const { options, words } = parsed;
  const [first] = words;
  const tags = listOption(options, "tag");
  if (first === undefined && tags.length === 0)
    return refuse(session, usageProblem("E184", { command: "run", what: "the name of a task" }));
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) {
    if (shorthand?.later !== undefined)
      return refuse(session, usageProblem("E186", { what: first ?? "", feature: shorthand.later }));
    return refuse(session, loaded.error);
  }
  if (shorthand !== undefined && first !== undefined) {
    const { nameOf } = await import("#frontends/cli/shorthand");
    const named = nameOf(first, {
      workspace: loaded.value.workspace,
      later: shorthand.later,
      reserved: line.reservedNames,
    });
    if (named.kind === "alias") {
      if (line.shortcuts.includes(first)) return refuse(session, aliasCircle([...line.shortcuts, first]));
      return line.run(
        [...named.words, ...words.slice(1), ...(parsed.extra.length > 0 ? ["--", ...parsed.extra] : [])],
        first,
      );
    }
    if (named.kind === "later")
      return refuse(session, usageProblem("E186", { what: first, feature: named.feature }));
    if (named.kind === "unknown")
      return refuse(session, unknownWord(first, loaded.value.workspace, named.near));
  }
  const input = planInput(parsed, session);
  const planned = await planLoaded(
    loaded.value,
    tags.length === 0 ? input : { ...input, words: [...words, ...taggedTasks(loaded.value, tags)] },
  );
  if (!planned.ok)
    return refuse(
      session,
      (await import("#frontends/cli/suggest-options")).suggestOptions(planned.error, line.runOptions()),
    );
  if (isOn(options, "dry-run"))
    return (await import("#frontends/cli/dry-run")).showDryRun(planned.value, session);
  if (isOn(options, "show-env"))
    return (await import("#frontends/cli/show-env")).showEnvironment(planned.value, session);
  return execute(planned.value, session);
}

const aliasCircle = (names: readonly string[]): Problems =>
  usageProblem("E134", {
    kind: "aliases",
    cycle: names.slice(names.indexOf(names.at(-1) ?? "")).join(" → "),
  });

function taggedTasks(
  loaded: { readonly workspace: PlannedRun["workspace"] },
  tags: readonly string[],
): readonly string[] {
  return [...loaded.workspace.packages.values()].flatMap((pkg) =>
    [...pkg.config.tasks.values()]
      .filter(
        (entry) =>
          !entry.name.includes("*") &&
          pkg.resolve(entry).table.tags?.some((tag) => tags.includes(tag)) === true,
      )
      .map((entry) => (pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`)),
  );
}

async function execute(planned: PlannedRun, session: Session): Promise<number> {
  const { options, host } = session;
  const id = newRunId();
  const writer = createByteWriter();
  const reports = await reportsOf(planned, session);
  if (!reports.ok) return refuse(session, reports.error);
  const subscribers: RunSubscriber[] = reports.value === undefined ? [] : [reports.value.subscriber];
  // The terminal is asked when zr has something to say itself: a task that succeeds needs none of it.
  const renderer: RendererOptions = {
    write: writer.write,
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
    cwd: session.cwd,
    spoolFolder: `${planned.plan.root}/.zr/run/${id}`,
    quiet: isQuiet(planned, options),
    silence: silenceOf(planned.plan),
  };
  const asked = outputMode(planned, session);
  const mode = asked === "grouped" && isGithubStep(host.env) ? "github" : asked;
  const level = planned.workspace.current.config.global.log_level;
  if (isOn(options, "verbose") || level === "debug" || level === "trace") await sayMore(planned, mode);
  subscribers.push(await createRenderer(mode, renderer));
  const events = textOption(options, "events");
  if (events === "-") subscribers.push(await createRenderer("events", renderer));
  else if (events !== undefined)
    subscribers.push(await (await import("#frontends/cli/event-file")).eventFile(events, session, renderer));
  const logFile = textOption(options, "log-file");
  if (logFile !== undefined)
    subscribers.push(await (await import("#frontends/cli/event-file")).logFile(logFile, session, renderer));
  const limit = timeoutMs(textOption(options, "timeout"));
  const started = await startRun(planned, id, {
    host,
    failFast: !isOn(options, "keep-going") && planned.workspace.current.config.global.fail_fast !== false,
    killOnFail: isOn(options, "kill-on-fail"),
    ...(limit === undefined ? {} : { timeoutMs: limit }),
    env: pairs(listOption(options, "env")),
    subscribers,
    confirm: async (question) => (await import("#frontends/cli/confirm")).confirm(question, options),
    exit: { ownCode: !isOn(options, "no-exit-code") },
  });
  if (!started.ok) return refuse(session, started.error);
  const signals = onEndSignals((signal) => started.value.control.interrupt(signal));
  const result = await started.value.result;
  signals[Symbol.dispose]();
  await writer.flush();
  return reports.value === undefined ? result.exitCode : reports.value.finish(result.exitCode);
}

/** The reports that the options or GitHub Actions ask for; none, and nothing loaded, where nobody asks. */
async function reportsOf(
  planned: PlannedRun,
  session: Session,
): Promise<Result<OpenReports | undefined, Problems>> {
  const github = isGithubStep(session.host.env);
  if (!github && REPORTS.every((name) => textOption(session.options, name) === undefined))
    return ok(undefined);
  const { openReports } = await import("#frontends/cli/run-reports");
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

function silenceOf(plan: Plan): RendererOptions["silence"] {
  const silent = new Map<Instance["id"], Instance["silent"]>();
  for (const instance of plan.instances)
    if (instance.silent !== "none") silent.set(instance.id, instance.silent);
  return silent.size === 0 ? undefined : (id) => silent.get(id) ?? "none";
}

/** By flag, by configuration, else: raw for one command, grouped for several. */
function outputMode({ plan, workspace }: PlannedRun, { options, host }: Session): RendererMode {
  if (formatOption(options) === "json") return "json";
  if (textOption(options, "events") === "-") return "quiet";
  if (isOn(options, "raw")) return "interleaved";
  const asked = textOption(options, "output") ?? workspace.current.config.global.output;
  if (asked !== undefined) return asked as RendererMode; // Checked by the parser or by the schema.
  if (isOn(options, "quiet")) return "quiet";
  const commandsRun = plan.instances.filter((instance) => instance.steps.length > 0);
  return commandsRun.length <= 1 && !(isCi(host.env) && plan.instances.length > 1)
    ? "interleaved"
    : "grouped";
}
