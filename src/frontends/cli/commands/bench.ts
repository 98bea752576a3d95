import { parseTimer } from "#base/duration";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { version } from "#base/version";
import type { RunSubscriber } from "#core/model/event";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { bench } from "#app/operations/bench";
import type { BenchEffort, BenchRun, BenchSample, BenchStep } from "#app/operations/bench";
import { baselinePath, isBaselineName, readBaseline, writeBaseline } from "#app/operations/bench-baseline";
import type { Baseline } from "#app/operations/bench-baseline";
import { benchFindings } from "#app/operations/bench-findings";
import type { BenchFindings } from "#app/operations/bench-findings";
import { planBench } from "#app/operations/bench-plan";
import type { BenchSubject } from "#app/operations/bench-plan";
import type { PlannedRun } from "#app/operations/plan-run";
import { newRunId, startRun } from "#app/operations/run";
import type { RunInput } from "#app/operations/run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { benchCsv, benchJson, benchText } from "#frontends/output/bench-report";
import type { BenchReport } from "#frontends/output/bench-report";
import { createRenderer } from "#frontends/output/create-renderer";
import { loadLook } from "#frontends/output/look";
import { outcomeText } from "#frontends/output/outcome-text";
import { wallMs } from "#system/clock/clock";
import { onEndSignals } from "#system/signals";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { pairs, planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";

const DEFAULT_TIME_MS = 3000;
/** The fewest runs by default; where a time is given, the fewest for which the median has an interval. */
const DEFAULT_RUNS = 10;
const FEWEST_RUNS = 6;

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options, line);
    const asked = await whatToMeasure(parsed, session);
    if (!asked.ok) return refuse(session, asked.error);
    const { subjects, kept, root } = asked.value;
    const effort = effortOf(session);
    const runner = new BenchRunner(session);
    const end = await bench({
      subjects,
      effort,
      run: (planned, subscriber) => runner.run(planned, subscriber),
      progress: (step) => runner.progress(step, effort),
    });
    await runner.close();
    switch (end.kind) {
      case "problems":
        return refuse(session, end.problems);
      case "failed": {
        const reason = `a run ended with exit code ${end.exitCode}`;
        // Elsewhere the failure itself has been told.
        if (formatOf(session) === "json")
          await refuse(session, usageProblem("E296", { task: end.subject, reason }));
        return end.exitCode;
      }
      case "not-run": {
        const reason = outcomeText(end.outcome);
        return refuse(session, usageProblem("E296", { task: end.subject, reason }));
      }
      case "measured":
        return report(end.samples, { session, kept, root, warmup: effort.warmup });
    }
  },
};

interface Asked {
  readonly subjects: readonly BenchSubject[];
  readonly kept: { readonly name: string; readonly baseline: Baseline } | undefined;
  readonly root: string;
}

async function whatToMeasure(parsed: ParsedCommand, session: Session): Promise<Result<Asked, Problems>> {
  const { options, words } = parsed;
  if (words.length === 0)
    return err(usageProblem("E184", { command: "zr bench", what: "the name of a task" }));
  const save = textOption(options, "save");
  if (save !== undefined && !isBaselineName(save))
    return err(usageProblem("E183", { name: "--save", expected: "a name", found: save }));
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return loaded;
  const { root } = loaded.value.workspace;
  const name = textOption(options, "baseline");
  const kept = name === undefined ? ok(undefined) : await keptBaseline(name, root, session);
  if (!kept.ok) return kept;
  const subjects = await subjectsOf(loaded.value, parsed, session);
  return subjects.ok ? ok({ subjects: subjects.value, kept: kept.value, root }) : subjects;
}

async function keptBaseline(
  name: string,
  root: string,
  { cwd }: Session,
): Promise<Result<Asked["kept"], Problems>> {
  const read = await readBaseline(baselinePath(name, { root, cwd }));
  return read.ok
    ? ok({ name, baseline: read.value })
    : err(usageProblem("E295", { name, reason: read.error }));
}

async function subjectsOf(
  loaded: LoadedWorkspace,
  parsed: ParsedCommand,
  session: Session,
): Promise<Result<readonly BenchSubject[], Problems>> {
  const against = textOption(parsed.options, "against");
  const subjects: BenchSubject[] = [];
  for (const words of [parsed.words, ...(against === undefined ? [] : [[against]])]) {
    const input = planInput({ ...parsed, words, extra: words === parsed.words ? parsed.extra : [] }, session);
    const subject = await planBench(loaded, input);
    if (!subject.ok) return subject;
    subjects.push(subject.value);
  }
  return ok(subjects);
}

function effortOf({ options }: Session): BenchEffort {
  const runs = textOption(options, "runs");
  const time = textOption(options, "time");
  return {
    ...(runs === undefined ? {} : { runs: Math.max(1, Number(runs)) }),
    warmup: Number(textOption(options, "warmup") ?? 1),
    timeMs: (time === undefined ? undefined : parseTimer(time)) ?? DEFAULT_TIME_MS,
    minRuns: time === undefined ? DEFAULT_RUNS : FEWEST_RUNS,
  };
}

/** Does the runs of a benchmark: of one that succeeds nothing is shown, one that fails is told of as ever. */
class BenchRunner {
  readonly #session: Session;
  readonly #writer = createByteWriter();
  readonly #isLive: boolean;
  #interrupt: ((signal: string) => void) | undefined;
  #signal: string | undefined;
  readonly #signals = onEndSignals((signal) => {
    this.#signal ??= signal;
    this.#interrupt?.(signal);
  });

  constructor(session: Session) {
    this.#session = session;
    this.#isLive = isTerminal(2) && !isOn(session.options, "quiet");
  }

  async run(planned: PlannedRun, subscriber: RunSubscriber): Promise<Result<BenchRun, Problems>> {
    const { host, options, cwd, color } = this.#session;
    const id = newRunId();
    const format = formatOf(this.#session);
    const isData = format === "json" || format === "csv";
    const renderer = await createRenderer("errors-only", {
      // Nothing but the data is to come to standard output.
      write: (stream, bytes) => this.#writer.write(isData ? "stderr" : stream, bytes),
      color,
      unicode: hasUnicode(host.env),
      columns: windowSize(2)?.columns ?? 80,
      cwd,
      spoolFolder: `${planned.plan.root}/.zr/run/${id}`,
    });
    const input: RunInput = {
      host,
      failFast: true,
      killOnFail: false,
      env: pairs(listOption(options, "env")),
      subscribers: [subscriber, this.#unlessGood(renderer)],
      confirm: async (question, over) => {
        this.#clear();
        await this.#writer.flush();
        return (await import("#frontends/cli/confirm")).confirm(question, options, { over });
      },
      exit: { ownCode: true },
      tools: async () =>
        (await import("#frontends/cli/tool-gate")).openToolGate(this.#session, planned.settings),
    };
    const started = await startRun(planned, id, input);
    if (!started.ok) return started;
    const { control, result } = started.value;
    this.#interrupt = (signal) => control.interrupt(signal);
    if (this.#signal !== undefined) control.interrupt(this.#signal);
    const { exitCode, interrupted } = await result;
    return ok({ exitCode, isInterrupted: interrupted !== undefined });
  }

  /** A renderer that does not hear of the end of a run that went well, so that it sums up none. */
  #unlessGood(renderer: RunSubscriber): RunSubscriber {
    return {
      ...renderer,
      event: (event) => {
        const isBad = event.type === "run.finished" && event.exitCode !== 0;
        if (isBad || (event.type === "instance.finished" && event.outcome.failure !== undefined))
          this.#clear();
        if (event.type !== "run.finished" || isBad) renderer.event(event);
      },
    };
  }

  progress({ subject, phase, number }: BenchStep, { runs, warmup }: BenchEffort): void {
    if (!this.#isLive) return;
    const of = phase === "measuring" ? runs : phase === "warm-up" ? warmup : undefined;
    const count =
      phase === "before" ? "what it depends on" : `${phase} ${number}${of === undefined ? "" : `/${of}`}`;
    this.#write(`\r\u001B[K${subject}: ${count}`);
  }

  #clear(): void {
    if (this.#isLive) this.#write("\r\u001B[K");
  }

  #write(text: string): void {
    void this.#writer.write("stderr", new TextEncoder().encode(text));
  }

  async close(): Promise<void> {
    this.#signals[Symbol.dispose]();
    this.#clear();
    await this.#writer.flush();
  }
}

interface ReportContext extends Pick<Asked, "kept" | "root"> {
  readonly session: Session;
  readonly warmup: number;
}

async function report(samples: readonly BenchSample[], context: ReportContext): Promise<number> {
  const { session, kept, warmup } = context;
  const findings = benchFindings(samples, kept);
  await print("stdout", await reportText({ ...findings, warmup }, session));
  const [own] = samples;
  const saved = own === undefined ? ok(undefined) : await save(own, context);
  if (!saved.ok) return refuse(session, saved.error);
  return isTooSlow(findings, session) ? 1 : 0;
}

const formatOf = ({ options }: Pick<Session, "options">): string | undefined =>
  isOn(options, "csv") ? "csv" : formatOption(options);

async function reportText(found: BenchReport, { options, host }: Session): Promise<string> {
  const format = formatOf({ options });
  if (format === "json") return benchJson(found);
  if (format === "csv") return benchCsv(found);
  const color = resolveColor(options, host.env, isTerminal(1));
  return benchText(found, await loadLook({ color, unicode: hasUnicode(host.env) }));
}

async function save(own: BenchSample, { session, root }: ReportContext): Promise<Result<void, Problems>> {
  const name = textOption(session.options, "save");
  if (name === undefined) return ok(undefined);
  const written = await writeBaseline(name, root, {
    v: 1,
    task: own.subject,
    savedAt: wallMs(),
    zr: version,
    timesMs: own.timesMs,
  });
  const path = `.zr/bench/${name}.json`;
  return written.ok ? ok(undefined) : err(usageProblem("E190", { path, reason: written.error }));
}

/** Whether what was measured is slower for sure by more than is allowed. */
function isTooSlow({ comparisons }: BenchFindings, { options }: Session): boolean {
  const percent = textOption(options, "fail-slower");
  if (percent === undefined) return false;
  const most = 1 + Number(percent) / 100;
  return comparisons.some(({ comparison }) => comparison.verdict === "slower" && comparison.low > most);
}
