import { detectProject } from "#app/operations/detect";
import type { DetectResult } from "#app/operations/detect";
import { loadWorkspace } from "#app/load-workspace";
import { missesInstalls } from "#app/onboard/missing-installs";
import { plainProblems } from "#app/problems";
import { isAbsolute, relativeTo } from "#base/path";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, type Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { fileLines, seenFrom, tryLine } from "./init-files";

/** `zr init --detect`: says what it has found, what it has written, and what to try. */
export async function detectCommand(session: Session, folder: string): Promise<number> {
  const { cwd, options } = session;
  const dryRun = isOn(options, "dry-run");
  const made = await detectProject({ folder, force: isOn(options, "force"), dryRun });
  if (!made.ok)
    return refuse(
      session,
      plainProblems(isAbsolute(String(made.error.data["path"])) ? seenFrom(cwd, made.error) : made.error),
    );
  if (formatOption(options) === "json") {
    await print("stdout", jsonDocument({ ...made.value, written: !dryRun }));
    return 0;
  }
  const { files, tryTask } = made.value;
  if (!isOn(options, "quiet")) {
    const commands = [...((await needsSetup(session, folder)) ? ["setup"] : []), tryTask ?? "hello"];
    const tried = dryRun ? "" : tryLine(commands, folder, cwd);
    await print("stderr", foundText(made.value) + fileLines(files, cwd, dryRun) + tried);
  }
  if (dryRun) {
    const configs = files.filter(({ path }) => path.endsWith(".toml"));
    const texts = configs.map(({ path, text }) =>
      configs.length === 1 ? text : `# ${relativeTo(cwd, path)}\n${text}`,
    );
    await print("stdout", texts.join("\n"));
  }
  return 0;
}

/** Whether what the packages depend on has to be installed before their tasks can do something. */
async function needsSetup({ load }: Session, folder: string): Promise<boolean> {
  const { configPath: _, ...options } = load;
  const loaded = await loadWorkspace({ ...options, cwd: folder });
  return loaded.ok && missesInstalls(loaded.value.workspace);
}

function foundText({ packages, leftOut, convertible }: DetectResult): string {
  const found = packages.map(({ path, languages }) => `found ${languages.join(", ")} in ${path}\n`);
  const nothing = packages.length === 0 ? ["no language was found: this is a start by hand\n"] : [];
  const aside = leftOut.length === 0 ? [] : [`not taken in: ${shortList(leftOut)}\n`];
  const others = convertible.map(
    ({ tool, file }) => `there is a ${file} too: zr init --from-${tool} takes it over\n`,
  );
  return [...found, ...nothing, ...aside, ...others].join("");
}

const shortList = (paths: readonly string[]): string =>
  paths.length > 6 ? `${paths.slice(0, 5).join(", ")} and ${paths.length - 5} more` : paths.join(", ");
