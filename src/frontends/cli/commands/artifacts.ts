import { loadWorkspace } from "#app/load-workspace";
import { bytesOf, cleanArtifacts, findArtifacts, getArtifacts } from "#app/operations/artifacts";
import type { ArtifactQuery, GotFile } from "#app/operations/artifacts";
import { plainProblems, usageProblem } from "#app/problems";
import { parseDuration } from "#base/duration";
import { resolveFrom } from "#base/path";
import { formatSize } from "#base/size";
import { suggest } from "#base/suggest";
import type { KeptArtifacts } from "#engine/artifacts/artifact-store";
import type { CommandBody } from "#frontends/cli/command";
import { ARTIFACT_ACTIONS } from "#frontends/cli/completion/first-words";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { strayOption } from "#frontends/cli/stray-option";
import type { ActionsOf } from "#frontends/cli/stray-option";
import { jsonDocument } from "#frontends/output/json-document";
import { STATE_WORD } from "#frontends/output/outcome-text";
import { shownPath } from "#frontends/output/shown-path";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

const OPTIONS: ActionsOf = {
  out: ["get"],
  force: ["get"],
  "older-than": ["list", "clean"],
  all: ["clean"],
};

/** `zr artifacts [list | get RUN [TASK] [PATH…] | clean]`. */
export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [action = "list", ...rest] = words;
    if (!ARTIFACT_ACTIONS.includes(action)) {
      const suggestions = suggest(action, ARTIFACT_ACTIONS);
      return refuse(session, usageProblem("E185", { command: "zr artifacts", value: action }, suggestions));
    }
    const [surplus] = rest;
    if (action !== "get" && surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: `zr artifacts ${action}`, value: surplus }));
    const stray = strayOption(action, OPTIONS, options);
    if (stray !== undefined)
      return refuse(
        session,
        usageProblem("E180", { name: `--${stray}`, where: ` of 'zr artifacts ${action}'` }),
      );
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { root } = loaded.value.workspace;
    if (action === "get") return get(session, root, rest);
    return action === "clean" ? clean(session, root) : list(session, root);
  },
};

function queryOf({ options }: Session): ArtifactQuery {
  const task = textOption(options, "task");
  const run = textOption(options, "run");
  const olderThanMs = parseDuration(textOption(options, "older-than") ?? "");
  return {
    ...(task === undefined ? {} : { task }),
    ...(run === undefined ? {} : { run }),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
  };
}

async function list(session: Session, root: string): Promise<number> {
  const found = await findArtifacts(root, queryOf(session));
  if (!found.ok) return refuse(session, plainProblems(found.error));
  if (formatOption(session.options) === "json") {
    const artifacts = found.value.map(({ manifest, folder }) => ({ ...manifest, folder }));
    await print("stdout", jsonDocument({ artifacts }));
    return 0;
  }
  await print("stdout", found.value.length === 0 ? "no artifacts\n" : listing(found.value));
  return 0;
}

function listing(all: readonly KeptArtifacts[]): string {
  const lines: string[] = [];
  let run: string | undefined;
  for (const kept of all) {
    const { manifest } = kept;
    if (manifest.run !== run) lines.push(manifest.run);
    run = manifest.run;
    const count = `${manifest.files.length} ${manifest.files.length === 1 ? "file" : "files"}`;
    lines.push(
      `  ${manifest.instance}  ${STATE_WORD[manifest.state]}, ${count}, ${formatSize(bytesOf(kept))}`,
    );
    for (const { path, bytes } of manifest.files) lines.push(`    ${path}  ${formatSize(bytes)}`);
  }
  return lines.map((line) => `${visibleControls(line)}\n`).join("");
}

async function get(session: Session, root: string, words: readonly string[]): Promise<number> {
  const [run, ...rest] = words;
  if (run === undefined)
    return refuse(session, usageProblem("E184", { command: "zr artifacts get", what: "a run, or 'last'" }));
  const { query, paths } = await wanted(root, { run, task: textOption(session.options, "task") }, rest);
  const found = await findArtifacts(root, query);
  if (!found.ok) return refuse(session, plainProblems(found.error));
  const id = found.value[0]?.manifest.run ?? run;
  const folder = resolveFrom(session.cwd, textOption(session.options, "out") ?? `artifacts-${id}`);
  const got = await getArtifacts(found.value, { folder, paths, force: isOn(session.options, "force") });
  if (got.length === 0)
    return refuse(session, usageProblem("E195", { what: `${paths.join(", ")} in run ${id}` }));
  if (formatOption(session.options) === "json") {
    const files = got.map(({ path, problem }) => ({ path, problem: problem ?? null }));
    await print("stdout", jsonDocument({ files }));
  } else await sayGot(session, got);
  return got.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

async function sayGot({ cwd }: Session, got: readonly GotFile[]): Promise<void> {
  for (const { path, problem } of got) {
    const shown = shownPath(cwd, path);
    if (problem === undefined) await print("stdout", `${shown}\n`);
    else await print("stderr", `zr: ${shown}: ${visibleControls(problem)}\n`);
  }
}

/** The word behind the run is a task where the run has kept something of one of that name; else it is a path. */
async function wanted(
  root: string,
  { run, task }: { readonly run: string; readonly task: string | undefined },
  words: readonly string[],
): Promise<{ readonly query: ArtifactQuery; readonly paths: readonly string[] }> {
  if (task !== undefined) return { query: { run, task }, paths: words };
  const [first, ...rest] = words;
  if (first === undefined) return { query: { run }, paths: [] };
  const isTask = (await findArtifacts(root, { run, task: first })).ok;
  // Of two words the first can only be a task, or a mistake to tell of; of one a path is as likely.
  return isTask || !/[/.*]/.test(first)
    ? { query: { run, task: first }, paths: rest }
    : { query: { run }, paths: words };
}

async function clean(session: Session, root: string): Promise<number> {
  const query = queryOf(session);
  if (Object.keys(query).length === 0 && !isOn(session.options, "all")) {
    const what = "what to remove: --older-than, --task, --run or --all";
    return refuse(session, usageProblem("E184", { command: "zr artifacts clean", what }));
  }
  const found = await findArtifacts(root, query);
  if (!found.ok) return refuse(session, plainProblems(found.error));
  const bytes = found.value.reduce((sum, kept) => sum + bytesOf(kept), 0);
  const files = found.value.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
  const isDry = isOn(session.options, "dry-run");
  if (!isDry) await cleanArtifacts(found.value);
  if (formatOption(session.options) === "json") {
    const removed = found.value.map(({ manifest, folder }) => ({ ...manifest, folder }));
    await print("stdout", jsonDocument({ dryRun: isDry, removed, bytes }));
    return 0;
  }
  const text = `${isDry ? "would remove" : "removed"} ${files} ${files === 1 ? "file" : "files"}, ${formatSize(bytes)}`;
  await print("stdout", `${text}\n`);
  return 0;
}
