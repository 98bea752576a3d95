import { explainRun } from "#app/operations/explain";
import type { ExplainedInstance } from "#app/operations/explain";
import { planRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { jsonDocument } from "#frontends/output/json-document";
import { reasonText } from "#frontends/output/reason-text";
import { loadTheme } from "#frontends/output/theme";
import type { Theme } from "#frontends/output/theme";
import { visibleControls } from "#frontends/output/visible-text";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, openSession } from "#frontends/cli/session";
import { planInput } from "#frontends/cli/plan-input";

export const body: CommandBody = {
  async run(parsed) {
    const { options, words } = parsed;
    const session = openSession(options);
    if (words.length === 0)
      return refuse(session, usageProblem("E184", { command: "zr explain", what: "the name of a task" }));
    const planned = await planRun(planInput(parsed, session));
    if (!planned.ok) return refuse(session, planned.error);
    const explained = await explainRun(planned.value, session.host);
    if (formatOption(options) === "json") {
      await print("stdout", jsonDocument({ instances: explained }));
      return 0;
    }
    const theme = await loadTheme(resolveColor(options, session.host.env, isTerminal(1)));
    const recipeLines = explained.some(({ recipe }) => recipe !== undefined)
      ? (await import("#frontends/output/recipe-lines")).recipeLines
      : () => [];
    await print(
      "stdout",
      explained
        .map(
          (instance) =>
            render(instance, theme) +
            recipeLines(instance)
              .map((line) => `${line}\n`)
              .join(""),
        )
        .join("\n"),
    );
    return 0;
  },
};

function render(
  { id, verdict, reason, command, cwd, after, cache }: ExplainedInstance,
  theme: Theme,
): string {
  const rows: [string, string][] = [
    ["why", reasonText(reason)],
    ["runs", command === "" ? "nothing itself: a group" : visibleControls(command)],
    ["in", visibleControls(cwd)],
  ];
  if (after.length > 0) rows.push(["after", after.join(", ")]);
  rows.push(["cache", visibleControls(cache)]);
  return `${theme.strong(id)}  ${visibleControls(verdict)}\n${rows.map(([name, text]) => `  ${theme.dim(name.padEnd(6))}${text}\n`).join("")}`;
}
