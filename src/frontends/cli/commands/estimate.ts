import { loadWorkspace } from "#app/load-workspace";
import { estimate } from "#app/operations/estimate";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { estimateText } from "#frontends/output/estimate-text";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { sayHistoryWarnings } from "#frontends/cli/history-warnings";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, openSession } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { jsonDocument } from "#frontends/output/json-document";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

export const body: CommandBody = {
  async run(parsed) {
    const { options, words } = parsed;
    const session = openSession(options);
    if (words.length === 0)
      return refuse(session, usageProblem("E184", { command: "zr estimate", what: "the name of a task" }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const planned = await planLoaded(loaded.value, planInput(parsed, session));
    if (!planned.ok) return refuse(session, planned.error);
    const { estimate: found, warnings } = await estimate(planned.value);
    await sayHistoryWarnings(warnings);
    const { env } = session.host;
    const text =
      formatOption(options) === "json"
        ? jsonDocument(found)
        : await estimateText(found, {
            color: resolveColor(options, env, isTerminal(1)),
            unicode: hasUnicode(env),
            columns: windowSize(1)?.columns ?? 120,
          });
    await print("stdout", text);
    return 0;
  },
};
