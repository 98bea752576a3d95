import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import type { CommandBody } from "#frontends/cli/command";
import { isShell, SHELLS } from "#frontends/cli/completion/first-words";
import { hookScript } from "#frontends/cli/hook-scripts";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession } from "#frontends/cli/session";
import { selfPath } from "#system/process/self";
import { print } from "#system/stdio/print";

const EXPECTED = `a shell: ${SHELLS.join(", ")}`;

/** `zr hook SHELL`: what the shell evaluates at its start; with `--prompt`, before each prompt. */
export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [shell, surplus] = words;
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr hook", value: surplus }));
    if (shell === undefined)
      return refuse(session, usageProblem("E184", { command: "zr hook", what: EXPECTED }));
    if (!isShell(shell))
      return refuse(
        session,
        usageProblem(
          "E184",
          { command: "zr hook", what: `${EXPECTED}; not '${shell}'` },
          suggest(shell, SHELLS),
        ),
      );
    if (isOn(options, "prompt"))
      return (await import("#frontends/cli/hook-prompt")).hookPrompt(shell, session);
    await print("stdout", hookScript(shell, selfPath()));
    return 0;
  },
};
