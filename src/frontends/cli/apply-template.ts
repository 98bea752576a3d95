import { answersTo, useTemplate } from "#app/operations/use-template";
import { usageProblem } from "#app/problems";
import { findTemplate } from "#app/scaffold/find-templates";
import type { PlannedFile } from "#app/scaffold/planned-files";
import { relativeTo, resolveFrom } from "#base/path";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";
import { seenProblems } from "./commands/init-files";
import { openAsker } from "./ask-question";
import { refuse } from "./refuse";
import { formatOption, isOn, listOption } from "./session";
import type { Session } from "./session";

/** Uses a template in a folder, and says what has become of each file. */
export async function applyTemplate(session: Session, name: string, target: string): Promise<number> {
  const { options, cwd, host, load } = session;
  const chosen = ["force", "keep"].filter((option) => isOn(options, option));
  if (chosen.length > 1)
    return refuse(session, usageProblem("E180", { name: "--keep", where: " with --force" }));
  const template = await findTemplate(name, { cwd, env: host.env });
  if (!template.ok) return refuse(session, template.error);
  const given = new Map(
    listOption(options, "set").map((pair) => [
      pair.slice(0, pair.indexOf("=")),
      pair.slice(pair.indexOf("=") + 1),
    ]),
  );
  const asker = openAsker(options);
  const answers = await answersTo(template.value, given, asker.ask);
  await asker.close();
  if (!answers.ok) return refuse(session, answers.error);
  const dryRun = isOn(options, "dry-run");
  const done = await useTemplate({
    template: template.value,
    answers: answers.value,
    folder: resolveFrom(cwd, target),
    force: isOn(options, "force"),
    keep: isOn(options, "keep"),
    merge: isOn(options, "merge"),
    dryRun,
    load,
  });
  if (!done.ok) return refuse(session, seenProblems(cwd, done.error));
  if (formatOption(options) === "json") {
    const files = done.value.map(({ path, state, content }) => ({
      path,
      state,
      ...(typeof content === "string" ? { text: content } : {}),
    }));
    await print("stdout", jsonDocument({ files, written: !dryRun }));
    return 0;
  }
  if (!isOn(options, "quiet")) await print("stderr", lines(done.value, cwd, dryRun));
  if (dryRun) await print("stdout", contents(done.value, cwd));
  return 0;
}

/** The texts that would be written; with their paths where there are several. */
function contents(files: readonly PlannedFile[], cwd: string): string {
  const texts = files.flatMap(({ path, content, state }) =>
    typeof content === "string" && state !== "unchanged" && state !== "kept" ? [{ path, content }] : [],
  );
  return texts
    .map(({ path, content }) => (texts.length === 1 ? content : `# ${relativeTo(cwd, path)}\n${content}`))
    .join("\n");
}

const DONE = {
  new: "created",
  overwritten: "overwrote",
  merged: "changed",
  unchanged: "unchanged",
  kept: "kept",
} as const;
const WOULD = {
  new: "would create",
  overwritten: "would overwrite",
  merged: "would change",
  unchanged: "unchanged",
  kept: "would keep",
} as const;

const lines = (files: readonly PlannedFile[], cwd: string, dryRun: boolean): string =>
  files
    .map(({ path, state }) => `${(dryRun ? WOULD : DONE)[state]} ${visibleControls(relativeTo(cwd, path))}\n`)
    .join("");
