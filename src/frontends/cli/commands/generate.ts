import { usageProblem } from "#app/problems";
import { applyTemplate } from "#frontends/cli/apply-template";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { openSession, textOption } from "#frontends/cli/session";

/** `zr generate NAME [DIR]`. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const [name, folder, surplus] = [...words, ...extra];
    if (name === undefined)
      return refuse(
        session,
        usageProblem("E184", { command: "zr generate", what: "the name of a template" }),
      );
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr generate", value: surplus }));
    return applyTemplate(session, name, folder ?? textOption(options, "into") ?? ".");
  },
};
