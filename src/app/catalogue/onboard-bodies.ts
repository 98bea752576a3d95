import { ok, err } from "#base/result";
import { diagnose } from "#app/operations/doctor";
import { setUp } from "#app/operations/setup";
import { usageProblem } from "#app/problems";
import { compact, LIST_SHARE } from "./answer-parts";
import { pageOf } from "./fit";
import type { OperationBody } from "./operation";
import { loadOptions } from "./workspace-load";

const USUAL_FINDINGS = 20;
const LOG_LINES = 20;

export const doctorBody: OperationBody = async (input, context) => {
  const found = await diagnose({
    load: loadOptions(context),
    host: context.host,
    only: input.texts("checks"),
    isFix: false,
    // A program that may only read starts no commands of the configuration.
    asksOnly: context.limits.readOnly,
    signal: context.signal,
  });
  if (!found.ok) return found;
  const { findings } = found.value;
  const isWrong = (state: string): boolean => state === "failed" || state === "warning";
  const shown = findings
    .filter(({ state }) => input.isOn("verbose") || isWrong(state))
    .map(({ check, name, state, detail, hint, fix }) => ({
      check,
      name,
      state,
      detail,
      ...compact({ hint, fix }),
    }));
  const page = pageOf(shown, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? USUAL_FINDINGS,
    budget: context.budget * LIST_SHARE,
  });
  const counted = (wanted: string): number => findings.filter(({ state }) => state === wanted).length;
  const failed = counted("failed");
  return ok({
    value: {
      ok: failed === 0,
      failed,
      warnings: counted("warning"),
      ...compact({ findings: page.items }),
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

export const setupBody: OperationBody = async (input, context) => {
  const { allowedTasks } = context.limits;
  const isDry = input.isOn("check");
  // Its steps are whatever the configuration says, tasks among them.
  if (allowedTasks !== undefined && !isDry)
    return err(usageProblem("E461", { task: "setup", allowed: allowedTasks.join(", ") }));
  let over = 0;
  const begun = new Set<string>();
  const made = await setUp({
    load: loadOptions(context),
    host: context.host,
    only: input.texts("steps"),
    isDry,
    isForced: false,
    ...(context.jobs === undefined ? {} : { jobs: context.jobs }),
    signal: context.signal,
    report: (event) => {
      begun.add(event.kind === "ended" ? event.result.id : event.id);
      if (event.kind === "ended") over += 1;
      const said =
        event.kind === "ended" ? `${event.result.id}: ${event.result.state}` : `${event.id}: ${event.detail}`;
      context.progress(over, begun.size, said);
    },
  });
  if (!made.ok) return made;
  const { results, next } = made.value;
  const isOk = !results.some(({ state }) => ["failed", "blocked", "interrupted"].includes(state));
  return ok({
    value: {
      ok: isOk,
      steps: results.map(({ id, state, detail, hint, log }) => ({
        id,
        state,
        detail,
        ...compact({ hint, output: log?.trimEnd().split("\n").slice(-LOG_LINES).join("\n") }),
      })),
      ...compact({ next: isDry ? [] : next }),
    },
    failed: !isOk,
  });
};
