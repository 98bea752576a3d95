import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { visibleControls } from "#frontends/output/visible-text";
import { removeQuietly } from "#system/fs/file-entry";
import { isSpecial } from "#system/fs/plain-file";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { systemReason } from "#system/fs/system-reason";
import { openInBrowser } from "#system/process/open-in-browser";
import { print } from "#system/stdio/print";
import { writeAsked } from "./asked-file";
import { isOn, textOption } from "./session";
import type { Session } from "./session";

export interface PageFile {
  /** Such as `graph.html`. */
  readonly name: string;
  readonly text: string;
  /** Of the workspace: without `-o` the page lies below its `.zr`. */
  readonly root: string;
}

/** Writes a page to where `-o` says, else to a place of its own; gives the absolute path. */
export async function writePage(session: Session, page: PageFile): Promise<Result<string, Problems>> {
  const out = textOption(session.options, "out");
  const state = `${page.root}/.zr`;
  const path = out === undefined ? `${state}/pages/${page.name}` : resolveFrom(session.cwd, out);
  if (out === undefined && !isOn(session.options, "dry-run")) {
    try {
      await ensurePrivateFolder(`${state}/pages`, state);
      // Nobody reads a pipe that lies there: a writer would wait for ever.
      if (isSpecial(path)) removeQuietly(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return err(usageProblem("E190", { path, reason: systemReason(error) }));
    }
  }
  const written = await writeAsked(session, path, page.text);
  return written.ok ? ok(path) : written;
}

/** Shows a page in the browser and says where it is; where it can't be shown, why. Nothing in a dry run. */
export async function openPage(session: Session, target: string): Promise<void> {
  if (isOn(session.options, "dry-run")) return;
  await print("stdout", `${visibleControls(target)}\n`);
  const opened = openInBrowser(target, session.host);
  if (!opened.ok) await print("stderr", `zr: the page can't be opened: ${opened.error}\n`);
}
