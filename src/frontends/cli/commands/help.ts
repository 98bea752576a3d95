import { loadWorkspace } from "#app/load-workspace";
import { unknownWord } from "#app/operations/unknown-task";
import { usageProblem } from "#app/problems";
import type { CommandBody, OptionValues } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { helpPage } from "#frontends/cli/help";
import { refuse } from "#frontends/cli/refuse";
import { openSession } from "#frontends/cli/session";
import { loadTheme } from "#frontends/output/theme";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { PeripherySetting } from "./periphery-setting";

/** `zr help [TOPIC]`; `zr TOPIC --help` is the same with the topic as the only word. */
export const helpBody = (setting: PeripherySetting): CommandBody => ({
  run: ({ options, words, extra }) => printHelp([...words, ...extra][0], options, setting),
});

async function printHelp(
  topic: string | undefined,
  options: OptionValues,
  setting: PeripherySetting,
): Promise<number> {
  const session = openSession(options);
  const theme = await loadTheme(resolveColor(options, session.host.env, isTerminal(1)));
  const page = await helpPage(topic, { ...setting, table: setting.commands(), theme });
  if (!page.ok) {
    const { code, data, suggestions } = page.error;
    const loaded = code === "E181" ? await loadWorkspace(session.load) : undefined;
    if (loaded?.ok === true)
      return refuse(session, unknownWord(topic ?? "", loaded.value.workspace, suggestions ?? []));
    return refuse(session, usageProblem(code, data, suggestions));
  }
  await print("stdout", page.value);
  return 0;
}
