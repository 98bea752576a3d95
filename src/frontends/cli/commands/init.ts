import { initProject } from "#app/operations/init";
import { plainProblems, usageProblem } from "#app/problems";
import type { Diagnostic } from "#base/diagnostic";
import { relativeTo, resolveFrom } from "#base/path";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

/** `zr init [DIR]`. With `--dry-run` the file goes to stdout and nothing is written. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const { cwd } = session;
    const [folder = ".", surplus] = [...words, ...extra];
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr init", value: surplus }));
    const dryRun = isOn(options, "dry-run");
    const files = await initProject({
      folder: resolveFrom(cwd, folder),
      force: isOn(options, "force"),
      dryRun,
    });
    if (!files.ok) return refuse(session, plainProblems(seenFrom(cwd, files.error)));
    if (isOn(options, "json")) {
      await print("stdout", `${JSON.stringify({ files: files.value, written: !dryRun }, undefined, 2)}\n`);
      return 0;
    }
    const said = files.value
      .map(({ path, isNew }) => `${verb(isNew, dryRun)} ${relativeTo(cwd, path)}\n`)
      .join("");
    if (!isOn(options, "quiet")) await print("stderr", dryRun ? said : `${said}Try it: zr hello\n`);
    if (dryRun) await print("stdout", files.value[0]?.text ?? "");
    return 0;
  },
};

function verb(isNew: boolean, dryRun: boolean): string {
  if (dryRun) return isNew ? "would create" : "would change";
  return isNew ? "created" : "changed";
}

function seenFrom(cwd: string, problem: Diagnostic): Diagnostic {
  const { path } = problem.data;
  return typeof path === "string"
    ? { ...problem, data: { ...problem.data, path: relativeTo(cwd, path) } }
    : problem;
}
