import { loadWorkspace } from "#app/load-workspace";
import { environmentChanges, findEnvironment, maskOf, shownVariables } from "#app/operations/env";
import type { FoundEnvironment, Show } from "#app/operations/env";
import { traceVariable } from "#app/operations/env-trace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { Result } from "#base/result";
import { ENV_FORMATS, changesText, environmentText, traceText } from "#frontends/output/env-text";
import type { EnvFormat } from "#frontends/output/env-text";
import { print } from "#system/stdio/print";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { showProblems } from "#frontends/cli/show-problems";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { jsonDocument } from "#frontends/output/json-document";

export const body: CommandBody = {
  async run(parsed) {
    const { options } = parsed;
    const session = openSession(options);
    const asked = formatOption(options) ?? "shell";
    const format = ENV_FORMATS.find((known) => known === asked);
    if (format === undefined) throw new Error(`${asked} has passed the parser`);
    const [task] = parsed.words;
    if (task !== undefined && options["package"] !== undefined)
      return refuse(session, usageProblem("E199", { option: "--package", other: task }));
    const found = await environmentOf(parsed, session);
    if (!found.ok) return refuse(session, found.error);
    const { problems } = found.value.env;
    if (problems.length > 0 && format !== "json")
      await showProblems(session, { diagnostics: problems, unread: [], texts: found.value.texts });
    const shown: Shown = { found: found.value, parsed, session, format };
    const name = textOption(options, "resolve");
    if (name !== undefined) return showTrace(name, shown);
    const profile = textOption(options, "diff");
    if (profile !== undefined) return showChanges(profile, shown);
    return showVariables(shown);
  },
};

interface Shown {
  readonly found: FoundEnvironment;
  readonly parsed: ParsedCommand;
  readonly session: Session;
  readonly format: EnvFormat;
}

async function environmentOf(
  parsed: ParsedCommand,
  session: Session,
  profile?: string,
): Promise<Result<FoundEnvironment, Problems>> {
  const loaded = await loadWorkspace(profile === undefined ? session.load : { ...session.load, profile });
  if (!loaded.ok) return loaded;
  const input = planInput(parsed, session);
  return findEnvironment(loaded.value, { input, package: textOption(parsed.options, "package") });
}

const showOf = ({ parsed }: Shown, ...found: readonly FoundEnvironment[]): Show =>
  isOn(parsed.options, "show-secrets") ? (_, value) => value : maskOf(found.map(({ env }) => env));

async function showVariables(shown: Shown): Promise<number> {
  const { found, parsed, format } = shown;
  const all = isOn(parsed.options, "all");
  const variables = shownVariables(found, { all, show: showOf(shown, found) });
  await print("stdout", environmentText(variables, format));
  const left = format === "github" ? variables.filter(({ masked }) => masked) : [];
  if (left.length > 0)
    await print(
      "stderr",
      `zr: left out, since secret: ${left.map(({ name }) => name).join(", ")}; --show-secrets writes them too\n`,
    );
  return 0;
}

/** Exit code 1 where no layer knows the variable. */
async function showTrace(name: string, shown: Shown): Promise<number> {
  const { found, session, format } = shown;
  const trace = traceVariable(found, name, showOf(shown, found));
  await print(
    "stdout",
    format === "json"
      ? jsonDocument({
          ...trace,
          value: trace.value ?? null,
          layers: trace.layers.map((layer) => ({ ...layer, value: layer.value ?? null })),
        })
      : traceText(trace, { cwd: session.cwd, unicode: hasUnicode(session.host.env) }),
  );
  return trace.layers.length === 0 ? 1 : 0;
}

async function showChanges(profile: string, shown: Shown): Promise<number> {
  const { found, parsed, session, format } = shown;
  const after = await environmentOf(parsed, session, profile);
  if (!after.ok) return refuse(session, after.error);
  const changes = environmentChanges(found.env, after.value.env, showOf(shown, found, after.value));
  const document = changes.map(({ name, before, after: value }) => ({
    name,
    before: before ?? null,
    after: value ?? null,
  }));
  await print(
    "stdout",
    format === "json"
      ? jsonDocument({ changes: document })
      : changesText(changes, hasUnicode(session.host.env)),
  );
  return 0;
}
