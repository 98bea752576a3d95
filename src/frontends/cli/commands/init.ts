import type { SourceTool } from "#core/migrate/conversion";
import { initProject } from "#app/operations/init";
import { plainProblems, usageProblem } from "#app/problems";
import { resolveFrom } from "#base/path";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { fileLines, seenFrom, tryLine } from "./init-files";

const TOOLS: readonly SourceTool[] = ["make", "just", "task", "npm", "turbo", "nx", "mise", "moon"];

/** `zr init [DIR]`. With `--dry-run` the file goes to stdout and nothing is written. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const { cwd } = session;
    const [folder = ".", surplus] = [...words, ...extra];
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr init", value: surplus }));
    const tools = TOOLS.filter((tool) => isOn(options, `from-${tool}`));
    const [tool] = tools;
    const ways = [...tools.map((name) => `--from-${name}`), ...(isOn(options, "detect") ? ["--detect"] : [])];
    if (ways.length > 1) {
      const named = ways.join(" and ");
      return refuse(session, usageProblem("E482", { options: named }));
    }
    const target = resolveFrom(cwd, folder);
    if (tool !== undefined) {
      const { convertCommand } = await import("./init-from");
      return convertCommand({ session, tool, folder: target });
    }
    const lone = ["wrap", "verify", "strict", "source"].find(
      (name) => isOn(options, name) || textOption(options, name) !== undefined,
    );
    if (lone !== undefined) return refuse(session, usageProblem("E483", { option: `--${lone}` }));
    if (isOn(options, "detect")) {
      const { detectCommand } = await import("./init-detect");
      return detectCommand(session, target);
    }
    const dryRun = isOn(options, "dry-run");
    const { betterStartLines } = await import("./better-start-lines");
    const files = await initProject({ folder: target, force: isOn(options, "force"), dryRun });
    if (!files.ok) return refuse(session, plainProblems(seenFrom(cwd, files.error)));
    if (formatOption(options) === "json") {
      await print("stdout", jsonDocument({ files: files.value, written: !dryRun }));
      return 0;
    }
    const said = fileLines(files.value, cwd, dryRun);
    if (!isOn(options, "quiet"))
      await print(
        "stderr",
        dryRun ? said : said + (await betterStartLines(target)) + tryLine(["hello"], target, cwd),
      );
    if (dryRun) await print("stdout", files.value[0]?.text ?? "");
    return 0;
  },
};
