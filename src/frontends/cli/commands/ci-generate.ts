import { loadWorkspace } from "#app/load-workspace";
import { findInstallations } from "#app/onboard/find-installs";
import { ciFileState, makeCiFile, platformInUse, writeCiFile } from "#app/operations/ci-file";
import type { MadeCiFile } from "#app/operations/ci-file";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { ancestors, relativeTo, resolveFrom } from "#base/path";
import { ciPath } from "#core/ci/ci-file";
import { CI_PLATFORMS, CI_TYPES } from "#core/ci/ci-names";
import { setupSettings } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { pathExists } from "#system/fs/path-exists";
import { seenProblems } from "./init-files";
import { print } from "#system/stdio/print";

/** Jobs beyond this share nothing any more. */
const MOST_SHARDS = 100;

/** `zr ci generate`. */
export async function generateCi(session: Session, words: readonly string[]): Promise<number> {
  const { options } = session;
  const wrong = wrongUse(session, words);
  if (wrong !== undefined) return refuse(session, wrong);
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const { workspace } = loaded.value;
  const shards = textOption(options, "shards");
  const made = await makeCiFile({
    workspace,
    top: await repositoryTop(workspace.root),
    platform: CI_PLATFORMS.find((name) => name === textOption(options, "platform")),
    type: CI_TYPES.find((name) => name === textOption(options, "type")),
    shards: shards === undefined ? undefined : Number(shards),
    task: textOption(options, "task"),
    setup: listOption(options, "setup"),
  });
  if (!made.ok) return refuse(session, made.error);
  const code = await writeMade(session, made.value);
  const writes = !["check", "dry-run", "json", "quiet"].some((name) => isOn(options, name));
  if (code === 0 && writes && listOption(options, "setup").length === 0) await hintSetup(workspace);
  return code;
}

/** Says that the jobs install no dependencies, where packages have some that are installed beside them. */
async function hintSetup(workspace: Workspace): Promise<void> {
  const { deps } = setupSettings(workspace.rootPackage.config.files);
  const installations = await findInstallations(workspace, deps);
  if (installations.some(({ makes }) => makes.length > 0))
    await print("stderr", 'the jobs install no dependencies: --setup "zr setup deps" has them do so first\n');
}

function wrongUse({ options }: Session, [surplus]: readonly string[]): Problems | undefined {
  if (surplus !== undefined) return usageProblem("E185", { command: "zr ci generate", value: surplus });
  const shards = textOption(options, "shards");
  if (shards !== undefined && (Number(shards) < 1 || Number(shards) > MOST_SHARDS))
    return usageProblem("E183", { name: "--shards", expected: `1 to ${MOST_SHARDS}`, found: shards });
  const strange = listOption(options, "setup").find((line) => /\p{Cc}/u.test(line) || line.trim() === "");
  return strange === undefined
    ? undefined
    : usageProblem("E183", { name: "--setup", expected: "a command on one line", found: strange });
}

async function writeMade(
  session: Session,
  { platform, type, path: usual, text }: MadeCiFile,
): Promise<number> {
  const { options, cwd } = session;
  const out = textOption(options, "out");
  const path = out === undefined || out === "-" ? usual : resolveFrom(cwd, out);
  const say = async (words: string): Promise<void> => {
    if (!isOn(options, "quiet") && out !== "-") await print("stderr", `${words}\n`);
  };
  const where = relativeTo(cwd, path);
  if (isOn(options, "check")) {
    const state = await ciFileState(path, text);
    const isSame = state === "unchanged";
    if (formatOption(options) === "json")
      await print("stdout", jsonDocument({ platform, type, path, text, state, written: false }));
    else await say(isSame ? `${where} is up to date` : `${where} is not what it would be now`);
    return isSame ? 0 : 1;
  }
  const dryRun = isOn(options, "dry-run") || out === "-";
  const done = await writeCiFile(path, text, { force: isOn(options, "force"), dryRun });
  if (!done.ok) return refuse(session, seenProblems(cwd, done.error));
  if (formatOption(options) === "json") {
    const report = { platform, type, path, text, state: done.value, written: !dryRun };
    await print("stdout", jsonDocument(report));
    return 0;
  }
  if (dryRun) await print("stdout", text);
  await say(`${saying(done.value, dryRun)} ${where}`);
  return 0;
}

function saying(state: "created" | "changed" | "unchanged", dryRun: boolean): string {
  if (state === "unchanged") return "unchanged";
  if (!dryRun) return state;
  return state === "created" ? "would create" : "would change";
}

/** `zr ci list`: what can be written, where it goes, and what is there. */
export async function listCi(session: Session, [surplus]: readonly string[]): Promise<number> {
  if (surplus !== undefined)
    return refuse(session, usageProblem("E185", { command: "zr ci list", value: surplus }));
  const top = await repositoryTop(session.cwd);
  const inUse = await platformInUse(top);
  const files = await Promise.all(
    CI_PLATFORMS.flatMap((platform) =>
      CI_TYPES.map(async (type) => {
        const path = ciPath(platform, type);
        return {
          platform,
          type,
          path,
          exists: await pathExists(resolveFrom(top, path)),
          isInUse: platform === inUse,
        };
      }),
    ),
  );
  if (formatOption(session.options) === "json") {
    await print("stdout", jsonDocument({ files }));
    return 0;
  }
  const rows = files.map(
    ({ platform, type, path, exists, isInUse }) =>
      `${isInUse ? "*" : " "} ${platform.padEnd(14)}  ${type.padEnd(8)}  ${path}${exists ? " (there)" : ""}\n`,
  );
  await print("stdout", rows.join(""));
  return 0;
}

/** The folder of the repository, where services look for their files; the given one outside of a repository. */
async function repositoryTop(folder: string): Promise<string> {
  for (const one of ancestors(folder)) if (await pathExists(resolveFrom(one, ".git"))) return one;
  return folder;
}
