import { loadWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import { trustablePaths, trustWorkspace, untrustWorkspace } from "#app/tools/trust";
import { relativeTo } from "#base/path";
import { ok } from "#base/result";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

/** `zr trust`: the shell hook may use the files of this workspace, as long as they stay as they are. */
export const body: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const isDry = isOn(options, "dry-run");
    const trusted = isDry
      ? ok(trustablePaths(workspace))
      : await trustWorkspace(workspace, texts, session.host);
    if (!trusted.ok) return refuse(session, usageProblem("E190", trusted.error));
    const paths = trusted.value.map(
      (path) => `${isDry ? "would trust" : "trusted"} ${relativeTo(session.cwd, path)}\n`,
    );
    await print("stdout", paths.length === 0 ? "there is no zr.toml here\n" : paths.join(""));
    return 0;
  },
};

/** `zr untrust`. */
export const untrustBody: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const loaded = await loadWorkspace(session.load);
    // A file that is wrong now may have been trusted before.
    const root = loaded.ok ? loaded.value.workspace.root : session.cwd;
    const removed = isOn(options, "dry-run") ? ok(undefined) : await untrustWorkspace(root, session.host);
    if (!removed.ok) return refuse(session, usageProblem("E190", removed.error));
    return loaded.ok ? 0 : refuse(session, loaded.error);
  },
};
