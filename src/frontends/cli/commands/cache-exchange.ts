import type { LoadedWorkspace } from "#app/load-workspace";
import { cachedTasks, exchangeEntries } from "#app/operations/cache-exchange";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { ReportNotice } from "#engine/cache/cache-store";
import type { ParsedCommand } from "#frontends/cli/command";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

export interface ExchangeRequest {
  readonly session: Session;
  readonly loaded: LoadedWorkspace;
  readonly parsed: ParsedCommand;
  /** Tasks; all that are cached where there are none. */
  readonly words: readonly string[];
  readonly report: ReportNotice;
}

/** `zr cache push [TASK…]` and `zr cache pull [TASK…]`. Exits with 1 where some entry is not where it should be. */
export async function exchange(
  direction: "push" | "pull",
  { session, loaded, parsed, words, report }: ExchangeRequest,
): Promise<number> {
  const tasks = words.length > 0 ? words : cachedTasks(loaded.workspace);
  if (tasks.length === 0) {
    const isJson = formatOption(session.options) === "json";
    await print("stdout", isJson ? jsonDocument({ instances: [] }) : "no task is cached\n");
    return 0;
  }
  const planned = await planLoaded(loaded, planInput({ ...parsed, words: tasks }, session));
  if (!planned.ok) return refuse(session, planned.error);
  const done = await exchangeEntries(direction, planned.value, { host: session.host, report });
  if (!done.ok) return refuse(session, usageProblem("E385", { reason: done.error }));
  if (formatOption(session.options) === "json")
    await print("stdout", jsonDocument({ instances: done.value }));
  else await print("stdout", done.value.map(({ id, text }) => `${id}  ${visibleControls(text)}\n`).join(""));
  return done.value.some(({ state }) => state === "failed") ? 1 : 0;
}
