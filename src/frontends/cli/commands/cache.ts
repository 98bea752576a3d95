import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import {
  findEntries,
  findEntry,
  getEntry,
  openLocalCache,
  pruneToLimits,
  removeEntries,
  verifyCache,
} from "#app/operations/cache";
import type { CacheQuery, LocalCache } from "#app/operations/cache";
import { plainProblems, usageProblem } from "#app/problems";
import { parseDuration } from "#base/duration";
import { isInside, relativeTo, resolveFrom } from "#base/path";
import { formatSize } from "#base/size";
import { suggest } from "#base/suggest";
import type { CacheNotice } from "#engine/cache/cache-store";
import type { StoreEntry } from "#engine/cache/store-contents";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { CACHE_ACTIONS } from "#frontends/cli/completion/first-words";
import { refuse } from "#frontends/cli/refuse";
import { strayOption } from "#frontends/cli/stray-option";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { ageText, count } from "#frontends/output/entry-text";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";
import { wallMs } from "#system/clock/clock";
import { CACHE_OPTIONS } from "./cache-options";

interface Work {
  readonly session: Session;
  readonly loaded: LoadedWorkspace;
  readonly cache: LocalCache;
  readonly words: readonly string[];
  readonly parsed: ParsedCommand;
}

/** `zr cache [status | ls | get KEY | clean | prune | verify | audit TASK… | push [TASK…] | pull [TASK…] | serve]`. */
export const body: CommandBody = {
  async run(parsed) {
    const session = openSession(parsed.options);
    const [action = "status", ...words] = parsed.words;
    if (!CACHE_ACTIONS.includes(action)) {
      const suggestions = suggest(action, CACHE_ACTIONS);
      return refuse(session, usageProblem("E185", { command: "zr cache", value: action }, suggestions));
    }
    const stray = strayOption(action, CACHE_OPTIONS, parsed.options);
    if (stray !== undefined)
      return refuse(session, usageProblem("E180", { name: `--${stray}`, where: ` of 'zr cache ${action}'` }));
    const [surplus] = words.slice(action === "get" ? 1 : 0);
    if (surplus !== undefined && !TAKES_TASKS.has(action))
      return refuse(session, usageProblem("E185", { command: `zr cache ${action}`, value: surplus }));
    if (action === "serve") return (await import("./cache-serve")).serve(session);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    if (action === "audit")
      return (await import("./cache-audit")).audit({ session, loaded: loaded.value, parsed, words });
    const cache = openLocalCache(loaded.value.workspace, session.host, (notice) => tell(session, notice));
    if (!cache.ok) return refuse(session, plainProblems(cache.error));
    const work: Work = { session, loaded: loaded.value, cache: cache.value, words, parsed };
    if (action === "push" || action === "pull") {
      const { exchange } = await import("./cache-exchange");
      return exchange(action, { ...work, report: (notice) => tell(session, notice) });
    }
    try {
      return (await ACTIONS[action]?.(work)) ?? 0;
    } catch (error) {
      // A folder that may not be read or written.
      if (!(error instanceof Error && "syscall" in error)) throw error;
      return refuse(session, usageProblem("E382", { reason: error.message }));
    }
  },
};

const TAKES_TASKS = new Set(["audit", "push", "pull"]);

const ACTIONS: Readonly<Record<string, (work: Work) => Promise<number>>> = {
  status: async ({ session, loaded, cache }) =>
    (await import("./cache-status")).status(session, loaded.workspace, cache),
  ls: list,
  get,
  clean,
  prune,
  verify,
};

function tell(session: Session, { level, text }: CacheNotice): void {
  if (level === "warning" || isOn(session.options, "verbose"))
    void print("stderr", `zr: ${visibleControls(text)}\n`);
}

const isJson = ({ options }: Session): boolean => formatOption(options) === "json";

function queryOf({ options }: Session): CacheQuery {
  const task = textOption(options, "task");
  const olderMs = parseDuration(textOption(options, "older") ?? "");
  return { ...(task === undefined ? {} : { task }), ...(olderMs === undefined ? {} : { olderMs }) };
}

async function list({ session, cache }: Work): Promise<number> {
  const found = await findEntries(cache, queryOf(session));
  const rows = found.map((entry) => rowOf(entry));
  if (isJson(session)) await print("stdout", jsonDocument({ entries: rows }));
  else if (rows.length === 0) await print("stdout", "no entries\n");
  else {
    const now = wallMs();
    const lines = rows.map(
      ({ key, task, bytes, files, usedMs }) =>
        `${key.slice(0, 12)}  ${visibleControls(task)}  ${count(files, "file")}, ${formatSize(bytes)}, used ${ageText(now - usedMs)}\n`,
    );
    await print("stdout", lines.join(""));
  }
  return 0;
}

const rowOf = ({ key, manifest, bytes, usedMs }: StoreEntry) => ({
  key,
  task: manifest.result.task,
  files: manifest.result.outputs.length,
  bytes,
  durationMs: manifest.result.durationMs,
  createdMs: manifest.result.createdMs,
  usedMs: Math.round(usedMs),
});

async function get({ session, cache, words }: Work): Promise<number> {
  const [key] = words;
  if (key === undefined)
    return refuse(session, usageProblem("E184", { command: "zr cache get", what: "the key of an entry" }));
  const found = await findEntry(cache, key);
  if (!found.ok) return refuse(session, plainProblems(found.error));
  const folder = resolveFrom(
    session.cwd,
    textOption(session.options, "out") ?? `cache-${found.value.key.slice(0, 12)}`,
  );
  const got = await getEntry(cache, found.value, folder);
  if (!got.ok) {
    await print(
      "stderr",
      `zr: the outputs can't be put into ${visibleControls(folder)}: ${visibleControls(got.error)}\n`,
    );
    return 1;
  }
  const shown = isInside(session.cwd, folder) ? relativeTo(session.cwd, folder) : folder;
  const lines = found.value.manifest.result.outputs.map(
    ({ path }) => `${visibleControls(`${shown}/${path.replace(/^\/\//, "")}`)}\n`,
  );
  await print("stdout", lines.join(""));
  return 0;
}

async function clean({ session, cache }: Work): Promise<number> {
  const query = queryOf(session);
  if (Object.keys(query).length === 0 && !isOn(session.options, "all")) {
    const what = "what to remove: --older, --task or --all";
    return refuse(session, usageProblem("E184", { command: "zr cache clean", what }));
  }
  const found = await findEntries(cache, query);
  const isDry = isOn(session.options, "dry-run");
  if (isDry) {
    const bytes = found.reduce((sum, entry) => sum + entry.bytes, 0);
    await say(session, { removed: found.length, bytes, dryRun: true }, (sum) => `would remove ${sum}`);
    return 0;
  }
  const removed = await removeEntries(cache, found);
  await say(session, { removed: removed.entries, bytes: removed.bytes }, (sum) => `removed ${sum}`);
  return 0;
}

interface Sum {
  readonly removed: number;
  readonly bytes: number;
  readonly dryRun?: true;
}

async function say(session: Session, sum: Sum, text: (sum: string) => string): Promise<void> {
  const shown = `${count(sum.removed, "entry", "entries")}, ${formatSize(sum.bytes)}`;
  await print("stdout", isJson(session) ? jsonDocument(sum) : `${text(shown)}\n`);
}

async function prune({ session, cache }: Work): Promise<number> {
  const { entries, bytes, leftBytes, leftEntries } = await pruneToLimits(cache);
  const left = `${count(leftEntries, "entry", "entries")}, ${formatSize(leftBytes)}`;
  await say(session, { removed: entries, bytes }, (sum) => `removed ${sum}; ${left} left`);
  return 0;
}

async function verify({ session, cache }: Work): Promise<number> {
  const { entries, blobs, bytes, removed } = await verifyCache(cache);
  if (isJson(session)) await print("stdout", jsonDocument({ entries, blobs, bytes, removed }));
  else {
    for (const line of removed) await print("stderr", `zr: removed ${line}\n`);
    const what = `${count(entries, "entry", "entries")}, ${count(blobs, "file")}, ${formatSize(bytes)}`;
    await print(
      "stdout",
      removed.length === 0 ? `${what}: all as they should be\n` : `${what}: ${removed.length} removed\n`,
    );
  }
  return removed.length === 0 ? 0 : 1;
}
