import { validate } from "#app/operations/validate";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import { showProblems } from "#frontends/cli/show-problems";

export const body: CommandBody = {
  async run({ options }, line) {
    const session = openSession(options, line);
    const found = await validate(session.load, session.host);
    const isBad =
      found.unread.length > 0 || found.diagnostics.some((diagnostic) => diagnostic.severity === "error");
    const isJson = formatOption(options) === "json";
    const code = isJson || isBad || found.diagnostics.length > 0 ? await showProblems(session, found) : 0;
    if (isBad) return code;
    const warnings = found.diagnostics.length;
    if (!isJson) {
      const files = `${found.files} ${found.files === 1 ? "file" : "files"}`;
      const tasks = `${found.tasks} ${found.tasks === 1 ? "task" : "tasks"}`;
      await print(
        "stdout",
        `${files}, ${tasks}: ${warnings === 0 ? "no problems" : `${warnings} ${warnings === 1 ? "warning" : "warnings"}`}\n`,
      );
    }
    return isOn(options, "strict") && warnings > 0 ? 3 : 0;
  },
};
