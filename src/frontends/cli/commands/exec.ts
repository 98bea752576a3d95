import { usageProblem } from "#app/problems";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { runInEnvironment } from "#frontends/cli/run-in-environment";
import { openSession } from "#frontends/cli/session";

export const body: CommandBody = {
  async run({ options, words, extra }) {
    const session = openSession(options);
    const argv = [...words, ...extra];
    return argv.length === 0
      ? refuse(session, usageProblem("E184", { command: "zr exec", what: "a command after --" }))
      : runInEnvironment(session, argv);
  },
};
