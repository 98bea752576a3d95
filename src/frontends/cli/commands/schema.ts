import { resolveFrom } from "#base/path";
import { configurationSchema } from "#core/config/schema/json-schema";
import { writeAsked } from "#frontends/cli/asked-file";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession, textOption } from "#frontends/cli/session";
import { shownPath } from "#frontends/output/shown-path";
import { print } from "#system/stdio/print";

/** `zr schema [-o FILE]`. */
export const body: CommandBody = {
  run: async ({ options }) => {
    const session = openSession(options);
    const text = `${JSON.stringify(configurationSchema(), undefined, 2)}\n`;
    const out = textOption(options, "out");
    if (out === undefined || out === "-") {
      await print("stdout", text);
      return 0;
    }
    const path = resolveFrom(session.cwd, out);
    const written = await writeAsked(session, path, text);
    if (!written.ok) return refuse(session, written.error);
    if (!isOn(options, "quiet") && !isOn(options, "dry-run"))
      await print("stderr", `wrote ${shownPath(session.cwd, path)}\n`);
    return 0;
  },
};
