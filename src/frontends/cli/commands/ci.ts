import { resolveFrom } from "#base/path";
import { suggest } from "#base/suggest";
import { startChanges } from "#app/affected";
import { changeScope } from "#app/change-scope";
import type { FoundChanges } from "#app/affected";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import { ciService } from "#core/affected/ci-service";
import type { CiService } from "#core/affected/ci-service";
import { findTask } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { changeQuestion } from "#frontends/cli/affected-options";
import type { CommandBody, CommandLine, OptionValues, ParsedCommand } from "#frontends/cli/command";
import { CI_ACTIONS } from "#frontends/cli/completion/first-words";
import { refuse } from "#frontends/cli/refuse";
import { runAffected } from "#frontends/cli/run-affected";
import { isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { taggedTasks, tagProblem } from "#frontends/cli/tagged-tasks";
import { print } from "#system/stdio/print";
import { runTargets } from "#frontends/cli/plan-and-run";

/** Options that only `zr ci generate` knows. */
const OF_GENERATE = ["platform", "type", "out", "shards", "task", "setup", "check"];

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options);
    const [deed, ...words] = parsed.words;
    if (deed === undefined)
      return refuse(
        session,
        usageProblem("E184", { command: "zr ci", what: "what to do: run, generate or list" }),
      );
    if (deed === "generate" || deed === "list") {
      const { generateCi, listCi } = await import("./ci-generate");
      const given = [...words, ...parsed.extra];
      return deed === "list" ? listCi(session, given) : generateCi(session, given);
    }
    if (deed !== "run")
      return refuse(
        session,
        usageProblem("E185", { command: "zr ci", value: deed }, suggest(deed, CI_ACTIONS)),
      );
    const [option] = words;
    if (option?.startsWith("-"))
      return refuse(
        session,
        usageProblem("E180", { name: option.split("=", 1)[0] ?? option, where: " of 'zr ci'" }),
      );
    const lone = OF_GENERATE.find((name) => parsed.options[name] !== undefined);
    if (lone !== undefined)
      return refuse(session, usageProblem("E180", { name: `--${lone}`, where: " of 'zr ci run'" }));
    return runInCi(parsed, { words, line, session });
  },
};

interface CiRequest {
  readonly words: readonly string[];
  readonly line: CommandLine;
  readonly session: Session;
}

async function runInCi(parsed: ParsedCommand, { words, line, session }: CiRequest): Promise<number> {
  const isWhole = isOn(session.options, "all");
  const search = isWhole ? undefined : startChanges(await changeQuestion(session));
  const loaded = await loadWorkspace(session.load);
  const found = await search?.finish(loaded.ok ? changeScope(loaded.value.workspace) : undefined);
  if (!loaded.ok) return refuse(session, loaded.error);
  const { workspace } = loaded.value;
  const tags = listOption(session.options, "tag");
  const wrongTag = tagProblem(loaded.value, tags);
  if (wrongTag !== undefined) return refuse(session, wrongTag);
  const tasks = words.length + tags.length > 0 ? words : usualTasks(loaded.value);
  if (tasks.length + tags.length === 0)
    return refuse(session, usageProblem("E184", { command: "zr ci run", what: "the name of a task" }));
  const service = ciService(session.host.env);
  const setting = { service, workspace, tasks };
  const inCi = withReports(parsed, session, setting);
  if (isOn(session.options, "verbose")) await sayService(setting);
  const changes = found === undefined || found.ok ? found?.value : undefined;
  if (found !== undefined && !found.ok) {
    const isAsked = ["base", "files"].some((name) => textOption(session.options, name) !== undefined);
    if (isAsked) return refuse(session, found.error);
    // Nothing can be told about the change: to run too much is dear, to run too little is wrong.
    // The one document on standard output is that of the run.
    await refuse({ ...session, options: { ...session.options, json: false, format: "text" } }, found.error);
    await print("stderr", "zr: everything is run, since what has changed is not known\n");
  }
  const exitCode = await runTasks(inCi, { tasks, line, loaded: loaded.value, changes });
  await comment(inCi, setting);
  return exitCode;
}

interface CiSetting {
  readonly service: CiService | undefined;
  readonly workspace: Workspace;
  readonly tasks: readonly string[];
}

/** The command line with what CI wants: everything that can be run is, and it is told where the service looks for it. */
interface CiRun {
  readonly parsed: ParsedCommand;
  readonly session: Session;
  /** The own part of several jobs. */
  readonly job: string | undefined;
  readonly page: string;
}

function withReports(parsed: ParsedCommand, session: Session, { service, workspace }: CiSetting): CiRun {
  const { options, cwd } = session;
  const job = textOption(options, "job") ?? service?.job;
  const folder = reportFolder(options, { cwd, root: workspace.root });
  // The reports of all jobs may be collected in one folder.
  const suffix = job === undefined ? "" : `-${job.replace("/", "-of-")}`;
  const page = textOption(options, "summary") ?? `${folder}/summary${suffix}.md`;
  const full: OptionValues = {
    ...options,
    "keep-going": true,
    summary: page,
    junit: textOption(options, "junit") ?? `${folder}/junit${suffix}.xml`,
    report: `${folder}/run${suffix}.json`,
    ...(job === undefined ? {} : { shard: job }),
    ...(textOption(options, "output") === undefined ? { output: "grouped" } : {}),
  };
  return {
    parsed: { ...parsed, options: full },
    session: openSession(full),
    job,
    page: resolveFrom(cwd, page),
  };
}

function reportFolder(
  options: OptionValues,
  { cwd, root }: { readonly cwd: string; readonly root: string },
): string {
  const given = textOption(options, "report-dir");
  return given === undefined ? `${root}/.zr/ci` : resolveFrom(cwd, given);
}

/** What is meant where no task is named: those with the tag `ci`, else a task `ci`, else what is usually checked. */
function usualTasks(loaded: LoadedWorkspace): readonly string[] {
  const tagged = taggedTasks(loaded, ["ci"]);
  if (tagged.length > 0) return tagged;
  const packages = [...loaded.workspace.packages.values()];
  const has = (name: string): boolean => packages.some((pkg) => findTask(pkg, name) !== undefined);
  return has("ci") ? ["ci"] : ["lint", "check", "typecheck", "build", "test"].filter(has);
}

async function sayService({ service, tasks }: CiSetting): Promise<void> {
  const where = service === undefined ? "no CI service is known here" : service.name;
  await print("stderr", `zr: ${where}; tasks ${tasks.join(", ")}\n`);
}

interface Changed {
  readonly tasks: readonly string[];
  readonly line: CommandLine;
  readonly loaded: LoadedWorkspace;
  /** Undefined where everything is to be run. */
  readonly changes: FoundChanges | undefined;
}

async function runTasks(
  { parsed, session, page }: CiRun,
  { tasks, line, loaded, changes }: Changed,
): Promise<number> {
  if (changes !== undefined) {
    return runAffected(
      { ...parsed, words: tasks },
      {
        session,
        line,
        loaded,
        found: changes,
        run: runTargets,
        command: "ci",
        given: parsed.words,
        onNothing: () => writeEmptyReports(page, session),
      },
    );
  }
  const { packageTargets } = await import("#app/package-targets");
  const tagged = taggedTasks(loaded, listOption(session.options, "tag"));
  const all = [...loaded.workspace.packages.values()];
  const { targets, problems, unknown } = packageTargets([...tasks, ...tagged], loaded.workspace, all);
  const [missing] = unknown;
  if (missing !== undefined || problems.length > 0) {
    const { unknownTask } = await import("#app/operations/unknown-task");
    return refuse(
      session,
      missing === undefined
        ? { diagnostics: problems, unread: [], texts: loaded.texts }
        : unknownTask(missing, loaded.workspace),
    );
  }
  return runTargets(parsed, { session, line, loaded, command: "ci", targets });
}

/** A report that is empty is better than none, which would look like a failure of CI. */
async function writeEmptyReports(page: string, session: Session): Promise<void> {
  const { writeFileAtomically } = await import("#system/fs/write-file");
  const empty =
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="zr ci run" tests="0" failures="0" errors="0" skipped="0">\n</testsuites>\n';
  const junit = textOption(session.options, "junit");
  await writeFileAtomically(page, "## zr ci run\n\nNothing is affected by the change.\n");
  if (junit !== undefined) await writeFileAtomically(resolveFrom(session.cwd, junit), empty);
}

async function comment({ session, job, page }: CiRun, { tasks }: CiSetting): Promise<void> {
  const { options, host } = session;
  if (isOn(options, "no-comment") || isOn(options, "dry-run") || (host.env["GITHUB_TOKEN"] ?? "") === "")
    return;
  const { commentInCi } = await import("#frontends/cli/comment-in-ci");
  await commentInCi({ env: host.env, job, page, tasks });
}
