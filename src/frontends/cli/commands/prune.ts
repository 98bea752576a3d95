import { relativeTo, resolveFrom } from "#base/path";
import { loadWorkspace } from "#app/load-workspace";
import { pruneWorkspace } from "#app/operations/prune";
import { usageProblem } from "#app/problems";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [name, unexpected] = words;
    if (name === undefined || !isOn(options, "docker"))
      return refuse(
        session,
        usageProblem("E184", {
          command: "zr prune",
          what: name === undefined ? "the name of a package" : "to be told what for: --docker",
        }),
      );
    if (unexpected !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr prune", value: unexpected }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const out = resolveFrom(session.cwd, textOption(options, "out") ?? "out");
    const isDry = isOn(options, "dry-run");
    const pruned = await pruneWorkspace({ workspace, env: session.host.env, name, out, isDry });
    if (!pruned.ok) return refuse(session, pruned.error);
    const { packages, manifests, sources, notes } = pruned.value;
    if (formatOption(options) === "json") {
      await print("stdout", jsonDocument({ out, ...pruned.value, ...(isDry ? { dryRun: true } : {}) }));
      return 0;
    }
    for (const note of notes) await print("stderr", `note: ${note}\n`);
    if (!isOn(options, "quiet"))
      await print(
        "stdout",
        [
          `${isDry ? "would copy " : ""}${count(packages.length, "package")}: ${packages.join(", ")}`,
          `${relativeTo(session.cwd, out)}/json  ${count(manifests.length, "file")}`,
          `${relativeTo(session.cwd, out)}/full  ${count(sources.length, "file")}`,
          "",
        ].join("\n"),
      );
    return 0;
  },
};

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
