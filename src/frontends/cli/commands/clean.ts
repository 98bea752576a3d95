import { loadWorkspace } from "#app/load-workspace";
import { cleanPlanned, cleanState, tasksWithOutputs } from "#app/operations/clean";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { relativeTo } from "#base/path";
import { formatSize } from "#base/size";
import type { CommandBody } from "#frontends/cli/command";
import { confirm } from "#frontends/cli/confirm";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { count } from "#frontends/output/entry-text";
import { jsonDocument } from "#frontends/output/json-document";
import { shownPath } from "#frontends/output/shown-path";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

/** `zr clean [TASK…]` and `zr clean --state`. */
export const body: CommandBody = {
  async run(parsed) {
    const session = openSession(parsed.options);
    const { words } = parsed;
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    if (isOn(session.options, "state")) {
      const [surplus] = words;
      if (surplus === undefined) return removeState(session, workspace.root);
      return refuse(session, usageProblem("E185", { command: "zr clean --state", value: surplus }));
    }
    const tasks = words.length > 0 ? words : tasksWithOutputs(workspace, isOn(session.options, "all"));
    const input = { ...planInput({ ...parsed, words: tasks }, session), only: true };
    const planned = tasks.length === 0 ? undefined : await planLoaded(loaded.value, input);
    if (planned?.ok === false) return refuse(session, planned.error);
    const isDry = isOn(session.options, "dry-run");
    const { removed, kept, problems, bytes } =
      planned === undefined
        ? { removed: [], kept: [], problems: [], bytes: 0 }
        : await cleanPlanned(planned.value, { host: session.host, isDry });
    const shown = (path: string): string => shownPath(session.cwd, path);
    if (formatOption(session.options) === "json") {
      await print("stdout", jsonDocument({ dryRun: isDry, removed, bytes, kept, problems }));
      return problems.length === 0 ? 0 : 1;
    }
    if (isDry) await print("stdout", removed.map((path) => `${shown(path)}\n`).join(""));
    for (const path of kept) await print("stderr", `zr: kept ${shown(path)}: git tracks it\n`);
    for (const problem of problems) await print("stderr", `zr: ${visibleControls(problem)}\n`);
    const sum = `${count(removed.length, "file")}, ${formatSize(bytes)}`;
    await print("stdout", `${isDry ? "would remove" : "removed"} ${sum}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

async function removeState(session: Session, root: string): Promise<number> {
  const isDry = isOn(session.options, "dry-run");
  const isAgreed =
    isDry || (await confirm("Remove history, logs and artifacts of this workspace?", session.options));
  if (isAgreed !== true) {
    if (isAgreed === undefined)
      return refuse(session, usageProblem("E184", { command: "zr clean --state", what: "--yes" }));
    return 1;
  }
  const removed = await cleanState(root, isDry);
  if (!removed.ok)
    return refuse(session, usageProblem("E190", { path: `${root}/.zr`, reason: removed.error }));
  if (formatOption(session.options) === "json") {
    await print("stdout", jsonDocument({ dryRun: isDry, removed: removed.value }));
    return 0;
  }
  const lines = removed.value.map(
    (path) => `${isDry ? "would remove" : "removed"} ${visibleControls(relativeTo(root, path))}\n`,
  );
  await print("stdout", lines.length === 0 ? "nothing to remove\n" : lines.join(""));
  return 0;
}
