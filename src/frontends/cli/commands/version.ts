import { commit, version } from "#base/version";
import { thisHost } from "#system/host";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { formatOption } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";

export const body: CommandBody = {
  async run({ options }) {
    const { os, arch } = thisHost();
    const isJson = formatOption(options) === "json";
    await print("stdout", isJson ? jsonDocument({ version, commit, os, arch }) : `zr ${version}\n`);
    return 0;
  },
};
