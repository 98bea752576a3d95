import { commit, version } from "#base/version";
import { thisHost } from "#system/host";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { formatOption } from "#frontends/cli/session";

export const body: CommandBody = {
  async run({ options }) {
    const { os, arch } = thisHost();
    const text =
      formatOption(options) === "json" ? JSON.stringify({ version, commit, os, arch }) : `zr ${version}`;
    await print("stdout", `${text}\n`);
    return 0;
  },
};
