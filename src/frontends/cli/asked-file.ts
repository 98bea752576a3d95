import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { shownPath } from "#frontends/output/shown-path";
import { writeFileAtomically } from "#system/fs/write-file";
import { print } from "#system/stdio/print";
import { isOn } from "./session";
import type { Session } from "./session";

/** Writes a file that was asked for; a dry run says that it would be written, and where. E190 where it can't be. */
export async function writeAsked(
  session: Session,
  path: string,
  text: string,
): Promise<Result<void, Problems>> {
  if (isOn(session.options, "dry-run")) {
    if (!isOn(session.options, "quiet"))
      await print("stderr", `would write ${shownPath(session.cwd, path)}\n`);
    return ok(undefined);
  }
  const written = await writeFileAtomically(path, text);
  if (written.ok) return ok(undefined);
  return err(usageProblem("E190", { path: shownPath(session.cwd, path), reason: written.error }));
}
