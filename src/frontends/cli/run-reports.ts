import { isInside, relativeTo, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { positionAt } from "#base/span";
import type { RunSubscriber } from "#core/model/event";
import type { InstanceRecord } from "#core/model/record";
import { locateDiagnostics } from "#app/locate-diagnostics";
import type { RunnablePlan } from "#app/operations/plan-run";
import { NO_TEXTS, usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { createRunReports } from "#frontends/output/run-reports";
import type { FinishedRun } from "#frontends/output/run-reports";
import type { AnnotationPlace } from "#frontends/output/report-github";
import { openSink } from "#system/fs/file-sink";
import { writeFileAtomically } from "#system/fs/write-file";
import { print } from "#system/stdio/print";
import { refuse } from "./refuse";
import { textOption } from "./session";
import type { Session } from "./session";

type Report = (run: FinishedRun) => Promise<void>;
type MakeText = (run: FinishedRun) => Promise<string>;

/** The reports of one run. */
export interface OpenReports {
  readonly subscriber: RunSubscriber;
  /**
   * Prints what goes to the terminal behind everything else, and says what could not be written. Takes and gives the
   * run's exit code; a report that is missing makes a good one bad.
   */
  readonly finish: (exitCode: number) => Promise<number>;
}

/** The reports that the options ask for, and what GitHub Actions is told where the run is one of its steps. */
export function openReports(
  planned: RunnablePlan,
  session: Session,
  { github }: { readonly github: boolean },
): Result<OpenReports, Problems> {
  const { options, cwd, host } = session;
  const problems: Problems["diagnostics"][number][] = [];
  const failed = (path: string, reason: string): void =>
    void problems.push(...usageProblem("E190", { path, reason }).diagnostics);
  const reports: Report[] = [];
  const toFile = (path: string, makeText: MakeText): void =>
    void reports.push(async (run) => {
      const written = await writeFileAtomically(resolveFrom(cwd, path), await makeText(run));
      if (!written.ok) failed(path, written.error);
    });
  const trace = textOption(options, "trace");
  if (trace !== undefined) toFile(trace, traceText);
  const junit = textOption(options, "junit");
  if (junit !== undefined) toFile(junit, junitText);
  // Set by `zr ci run`, which leaves both forms of the summary.
  const report = textOption(options, "report");
  if (report !== undefined) toFile(report, jsonText);
  const summary = textOption(options, "summary");
  if (summary !== undefined) {
    const makeText = summary.endsWith(".json")
      ? jsonText
      : summary.endsWith(".md")
        ? markdownText
        : undefined;
    if (makeText === undefined)
      return err(
        usageProblem("E183", {
          name: "--summary",
          expected: "a file that ends in .json or .md",
          found: summary,
        }),
      );
    toFile(summary, makeText);
  }
  let annotations = "";
  if (github) {
    const page = host.env["GITHUB_STEP_SUMMARY"] ?? "";
    if (page !== "") reports.push(async (run) => appendTo(page, await markdownText(run), failed));
    reports.push(async (run) => {
      const { githubAnnotations } = await import("#frontends/output/report-github");
      annotations = githubAnnotations(run, placesOf(planned, host.env["GITHUB_WORKSPACE"] ?? ""));
    });
  }
  return ok({
    subscriber: createRunReports(reports),
    finish: async (exitCode) => {
      await print("stderr", annotations);
      if (problems.length === 0) return exitCode;
      const code = await refuse(session, { diagnostics: problems, unread: [], texts: NO_TEXTS });
      return exitCode === 0 ? code : exitCode;
    },
  });
}

const traceText: MakeText = async (run) => (await import("#frontends/output/report-trace")).traceReport(run);

const junitText: MakeText = async (run) => (await import("#frontends/output/report-junit")).junitReport(run);

const markdownText: MakeText = async (run) =>
  (await import("#frontends/output/report-markdown")).markdownReport(run);

const jsonText: MakeText = async ({ record, tails }) => {
  const { runText } = await import("#frontends/output/json");
  return runText(record, { tails });
};

/** Steps of a job share the page, so it is added to. */
async function appendTo(
  path: string,
  text: string,
  failed: (path: string, reason: string) => void,
): Promise<void> {
  try {
    const sink = await openSink(path, { append: true });
    await sink.write(new TextEncoder().encode(text));
    await sink.close();
  } catch (error) {
    failed(path, error instanceof Error ? error.message : String(error));
  }
}

/** Where an instance's task is defined, from the checkout's top folder. */
function placesOf(
  { plan, texts }: RunnablePlan,
  checkout: string,
): (instance: InstanceRecord) => AnnotationPlace | undefined {
  return ({ planned }) => {
    const place = plan.instances.find(({ id }) => id === planned.id)?.place;
    if (place === undefined) return undefined;
    const [located] = locateDiagnostics([{ code: "E160", severity: "error", data: {}, place }], [], texts);
    const { file = "", span } = located?.place ?? {};
    const top = checkout !== "" && isInside(checkout, file) ? checkout : plan.root;
    return {
      file: isInside(top, file) ? relativeTo(top, file) : file,
      line: positionAt(texts.get(file) ?? "", span?.start ?? 0).line,
    };
  };
}
