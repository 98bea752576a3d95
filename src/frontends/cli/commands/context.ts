import { loadWorkspace } from "#app/load-workspace";
import { describeRepository } from "#app/context/describe-repository";
import { maskValues } from "#app/catalogue/mask-values";
import { fitContext } from "#app/context/fit-context";
import type { RepositoryContext } from "#app/context/repository-context";
import { usageProblem } from "#app/problems";
import { secretTexts } from "#app/secret-texts";
import { suggest } from "#base/suggest";
import { findPackage } from "#core/workspace/select-packages";
import { maskText } from "#engine/env/mask";
import { compileSecrets } from "#engine/env/secret-automaton";
import { contextText } from "#frontends/output/context-text";
import type { ContextFormat } from "#frontends/output/context-text";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, listOption, openSession, textOption } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

const FORMATS: readonly ContextFormat[] = ["md", "json", "yaml"];

/** `zr context`: what a language model or a script needs to know of the repository. */
export const body: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const scope: string[] = [];
    for (const name of listOption(options, "scope")) {
      const found = findPackage(workspace, name);
      if (found === undefined)
        return refuse(session, usageProblem("E132", { name }, suggest(name, workspace.packages.keys())));
      scope.push(found.name);
    }
    const asked = formatOption(options) ?? "md";
    const format = FORMATS.find((known) => known === asked) ?? "md";
    const secrets = compileSecrets([...(await secretTexts(loaded.value, texts, session.host))]);
    const described = await describeRepository(workspace, { host: session.host, scope });
    // Texts stay texts.
    const whole = maskValues(described, (text) => maskText(text, secrets)) as RepositoryContext;
    const render = (context: RepositoryContext): string => contextText(context, format);
    const budget = textOption(options, "budget");
    const fitted = budget === undefined ? whole : fitContext(whole, Number(budget), render);
    await print("stdout", render(fitted));
    return 0;
  },
};
