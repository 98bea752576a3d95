import { usageProblem } from "#app/problems";
import { isInside, relativeTo, resolveFrom } from "#base/path";
import { configurationSchema } from "#core/config/schema/json-schema";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession, textOption } from "#frontends/cli/session";
import { writeFileAtomically } from "#system/fs/write-file";
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
    const written = await writeFileAtomically(path, text);
    if (!written.ok) return refuse(session, usageProblem("E190", { path: out, reason: written.error }));
    if (!isOn(options, "quiet"))
      await print("stderr", `wrote ${isInside(session.cwd, path) ? relativeTo(session.cwd, path) : path}\n`);
    return 0;
  },
};
