import { formatFiles } from "#app/operations/format";
import { relativeTo } from "#base/path";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";

/** `zr fmt [--check] [FILES]`. Names the changed files on stdout; 1 where `--check` finds some. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const { configPath } = session.load;
    const isCheck = isOn(options, "check");
    const check = isCheck || isOn(options, "dry-run");
    const report = await formatFiles({
      cwd: session.cwd,
      files: [...words, ...extra],
      check,
      ...(configPath === undefined ? {} : { configPath }),
    });
    const { changed, unchanged, problems, texts } = report;
    if (formatOption(options) !== "json")
      await print("stdout", changed.map((path) => `${relativeTo(session.cwd, path)}\n`).join(""));
    if (problems.length > 0) return refuse(session, { diagnostics: problems, unread: [], texts });
    if (formatOption(options) === "json") await print("stdout", jsonDocument({ changed, unchanged }));
    if (!check || changed.length === 0) return 0;
    await print(
      "stderr",
      `${changed.length} ${changed.length === 1 ? "file is" : "files are"} not formatted: run zr fmt\n`,
    );
    return isCheck ? 1 : 0;
  },
};
