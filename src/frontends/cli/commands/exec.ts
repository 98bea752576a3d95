import { usageProblem } from "#app/problems";
import { shellWord } from "#base/shell-word";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { runInEnvironment } from "#frontends/cli/run-in-environment";
import { isOn, openSession } from "#frontends/cli/session";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

export const body: CommandBody = {
  async run({ options, words, extra }) {
    const session = openSession(options);
    const argv = [...words, ...extra];
    if (argv.length === 0)
      return refuse(session, usageProblem("E184", { command: "zr exec", what: "a command after --" }));
    if (!isOn(options, "dry-run")) return runInEnvironment(session, argv);
    await print("stdout", `would run ${visibleControls(argv.map(shellWord).join(" "))}\n`);
    return 0;
  },
};
