import { basename } from "#base/path";
import type { InstanceRecord } from "#core/model/record";
import { outcomeCause, outcomeText } from "./outcome-text";
import { hasFailed, isReported } from "./run-reports";
import type { FinishedRun } from "./run-reports";
import { visibleControls } from "./visible-text";

const SHOWN_LINES = 50;

/**
 * A run as JUnit XML, in the form that readers of CI services agree on: a suite for each package, a case for each
 * instance. What failed has a `failure` with its last lines; what was not run, or may fail, is `skipped` with its reason.
 */
export function junitReport(run: FinishedRun): string {
  const { record } = run;
  const suites = new Map<string, InstanceRecord[]>();
  for (const instance of record.instances.values()) {
    if (!isReported(instance)) continue;
    const name = instance.planned.package === "" ? basename(record.root) : instance.planned.package;
    const suite = suites.get(name);
    if (suite === undefined) suites.set(name, [instance]);
    else suite.push(instance);
  }
  const all = [...suites.values()].flat();
  const name = `zr run ${record.request.join(" ")}`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...counts(all), time: seconds(record.durationMs ?? 0) })}>`,
    ...[...suites].flatMap(([suite, instances]) => suiteLines(run, suite, instances)),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function suiteLines(run: FinishedRun, name: string, instances: readonly InstanceRecord[]): string[] {
  const time = seconds(instances.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const timestamp = new Date(run.record.wallMs).toISOString().slice(0, 19);
  return [
    `  <testsuite ${attributes({ name, ...counts(instances), time, timestamp })}>`,
    ...instances.flatMap((instance) => caseLines(run, name, instance)),
    "  </testsuite>",
  ];
}

function caseLines(run: FinishedRun, suite: string, instance: InstanceRecord): string[] {
  const { planned, outcome, durationMs } = instance;
  const prefix = planned.package === "" ? "" : `${planned.package}:`;
  const name = planned.id.startsWith(prefix) ? planned.id.slice(prefix.length) : planned.id;
  const head = `    <testcase ${attributes({ name, classname: suite, time: seconds(durationMs) })}`;
  if (outcome === undefined || outcome.state === "success" || outcome.state === "cached")
    return [`${head}/>`];
  if (!hasFailed(instance))
    return [
      `${head}>`,
      `      <skipped ${attributes({ message: outcomeText(outcome) })}/>`,
      "    </testcase>",
    ];
  const output = run.tails.get(planned.id)?.lastLines(SHOWN_LINES) ?? [];
  const body = output.map((line) => escapeXml(Bun.stripANSI(line))).join("\n");
  const facts = { message: outcomeCause(outcome), type: outcome.failure?.kind ?? outcome.state };
  return [`${head}>`, `      <failure ${attributes(facts)}>${body}</failure>`, "    </testcase>"];
}

function counts(instances: readonly InstanceRecord[]): Record<string, string> {
  const failures = instances.filter(hasFailed).length;
  const skipped = instances.filter(
    (instance) =>
      !hasFailed(instance) && instance.outcome?.state !== "success" && instance.outcome?.state !== "cached",
  ).length;
  return {
    tests: String(instances.length),
    failures: String(failures),
    errors: "0",
    skipped: String(skipped),
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(value)}"`)
    .join(" ");

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text of one line for XML 1.0: what has no place in it even as an entity is shown as an escape. */
function escapeXml(text: string): string {
  return visibleControls(text.toWellFormed())
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
