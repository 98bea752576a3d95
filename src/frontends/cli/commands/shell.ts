import type { CommandBody } from "#frontends/cli/command";
import { runInEnvironment } from "#frontends/cli/run-in-environment";
import { openSession } from "#frontends/cli/session";

/** `zr shell`: the user's own shell, which gets `ZR_SHELL` to show in its prompt. */
export const body: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const { SHELL: shell, COMSPEC: comspec } = session.host.env;
    const usual = session.host.os === "windows" ? (comspec ?? "cmd.exe") : "/bin/sh";
    return runInEnvironment(session, [shell === undefined || shell === "" ? usual : shell], {
      ZR_SHELL: "1",
    });
  },
};
