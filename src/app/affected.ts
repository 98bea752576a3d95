import { definedOnly } from "#base/defined-only";
import { isInside, relativeTo, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { changedPackages, spreadChanges } from "#core/affected/affected-packages";
import type {
  AffectedReason,
  ChangeReason,
  ChangeScope,
  SpreadOptions,
} from "#core/affected/affected-packages";
import { parseFileList } from "#core/affected/parse-changes";
import type { Base, ChangeFailure } from "#engine/affected/find-base";
import { filesBelow, findChanges, mergeBase } from "#engine/affected/find-changes";
import type { Changes } from "#engine/affected/find-changes";
import { filesBehindLinks, linkedFolders } from "#engine/affected/linked-folders";
import type { LinkedFolder } from "#engine/affected/linked-folders";
import { realFolder } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";
import { openRefs } from "#system/git/refs";
import type { Host } from "#system/host";
import { plainProblems, usageProblem } from "./problems";
import type { Problems } from "./problems";

/** What to compare with, or the files themselves. */
export interface ChangeQuestion {
  readonly host: Host;
  /** Absolute: where the command was given. */
  readonly cwd: string;
  readonly base?: string;
  readonly committedOnly: boolean;
  /** A list of changed files instead of what git says: a path, or the text of stdin. */
  readonly files?: { readonly path: string } | { readonly text: string };
}

/** Changes that are being looked for. */
export interface ChangeSearch {
  /** Ends the search, which may need the configuration for it; none where there is none to be had. */
  readonly finish: (scope: ChangeScope | undefined) => Promise<Result<FoundChanges, Problems>>;
}

/** What has changed in a workspace. */
export interface FoundChanges {
  /** Paths from the workspace root, sorted. */
  readonly files: readonly string[];
  /** What changed files are called below folders that are links, by paths from the root of what lies behind them. */
  readonly behind: (paths: Iterable<string>) => Promise<readonly string[]>;
  /** What they were compared with; undefined for a list, and where there is nothing before. */
  readonly base: Base | undefined;
  /** Name of the commit that the comparison starts from; undefined where there is none. */
  readonly baseCommit: () => Promise<string | undefined>;
  /** The text of a file as it was then, by its path from the root; undefined where it was not there. */
  readonly before: (file: string) => Promise<string | undefined>;
}

/** Starts to look for changes. It can be done while the configuration is read: git takes about as long. */
export function startChanges(question: ChangeQuestion): ChangeSearch {
  if (question.files !== undefined) return listSearch(question, question.files);
  const known = Promise.withResolvers<ChangeScope | undefined>();
  const defaultBase = async (): Promise<string | undefined> => (await known.promise)?.defaultBase;
  const started = findChanges(changeOptions(question, question.cwd, defaultBase));
  return {
    finish: async (scope) => {
      known.resolve(scope);
      if (scope === undefined) return err(plainProblems());
      // Looked for while git is still at work.
      const links = linksIn(scope);
      let changes = await started;
      if (await isElsewhere(changes, scope, question.cwd))
        // The command was given in a repository inside of the workspace's own.
        changes = await findChanges(changeOptions(question, scope.root, defaultBase));
      return changes.ok
        ? ok(await inWorkspace(changes.value, { ...question, scope, links: await links }))
        : err(changeProblems(changes.error));
    },
  };
}

const changeProblems = ({ code, data }: ChangeFailure): Problems => usageProblem(code, data);

const changeOptions = (
  { host, base, committedOnly }: ChangeQuestion,
  folder: string,
  defaultBase: () => Promise<string | undefined>,
): Parameters<typeof findChanges>[0] => ({
  folder,
  env: definedOnly(host.env),
  committedOnly,
  defaultBase,
  ...(base === undefined ? {} : { base }),
});

/** Whether the changes are those of another repository than the workspace's own. */
async function isElsewhere(
  changes: Result<Changes, ChangeFailure>,
  { root }: ChangeScope,
  cwd: string,
): Promise<boolean> {
  if (changes.ok) return !isInside(changes.value.top, root);
  const [own, asked] = await Promise.all([openRefs(root), openRefs(cwd)]);
  return own?.top !== asked?.top;
}

const linksIn = ({ root, packages }: ChangeScope): Promise<readonly LinkedFolder[]> =>
  linkedFolders(
    root,
    packages.map(({ path }) => path),
  );

interface Placing extends Pick<ChangeQuestion, "host"> {
  readonly scope: Pick<ChangeScope, "root">;
  readonly links: readonly LinkedFolder[];
}

async function inWorkspace(changes: Changes, { host, scope, links }: Placing): Promise<FoundChanges> {
  const { root } = scope;
  const env = definedOnly(host.env);
  const behind =
    links.length === 0
      ? NO_FILES
      : filesBehindLinks(links, { top: await realFolder(changes.top), files: changes.files });
  let commit: Promise<string | undefined> | undefined;
  const baseCommit = (): Promise<string | undefined> => (commit ??= mergeBase(changes, env));
  return {
    files: withOthers(filesBelow(root, changes), behind.keys()),
    behind: (paths) => behindLinks(paths, { root, top: changes.top, files: changes.files }),
    base: changes.base,
    baseCommit,
    before: async (file) => {
      const at = await baseCommit();
      if (at === undefined) return undefined;
      const { fileAt } = await import("#engine/affected/file-at");
      const path = behind.get(file) ?? relativeTo(changes.top, resolveFrom(root, file));
      return fileAt({ top: changes.top, env, commit: at }, path);
    },
  };
}

interface ChangedBelow {
  readonly root: string;
  /** What `files` are relative to. */
  readonly top: string;
  readonly files: readonly string[];
}

async function behindLinks(
  paths: Iterable<string>,
  { root, top, files }: ChangedBelow,
): Promise<readonly string[]> {
  const links = files.length === 0 ? [] : await linkedFolders(root, paths);
  return links.length === 0 ? [] : [...filesBehindLinks(links, { top: await realFolder(top), files }).keys()];
}

const NO_FILES: ReadonlyMap<string, string> = new Map();

/** Sorted, each once. */
function withOthers(files: readonly string[], others: Iterable<string>): readonly string[] {
  const more = [...others];
  return more.length === 0 ? files : [...new Set([...files, ...more])].sort();
}

function listSearch({ cwd }: ChangeQuestion, from: NonNullable<ChangeQuestion["files"]>): ChangeSearch {
  return {
    finish: async (scope) => {
      if (scope === undefined) return err(plainProblems());
      const { root } = scope;
      const links = await linksIn(scope);
      let text: string;
      if ("text" in from) text = from.text;
      else {
        const read = await readText(resolveFrom(cwd, from.path));
        if (read.kind !== "text") return err(unreadable(from.path, read));
        text = read.text;
      }
      const paths = parseFileList(text).map((path) => resolveFrom(cwd, path.trim()));
      const below = paths.filter((path) => path !== root && isInside(root, path));
      const files = [...new Set(below.map((path) => relativeTo(root, path)))].sort();
      const top = links.length === 0 ? root : await realFolder(root);
      const behind = links.length === 0 ? NO_FILES : filesBehindLinks(links, { top, files });
      const nothing = (): Promise<undefined> => Promise.resolve(undefined);
      return ok({
        files: withOthers(files, behind.keys()),
        behind: (paths) => behindLinks(paths, { root, top: root, files }),
        base: undefined,
        baseCommit: nothing,
        before: nothing,
      });
    },
  };
}

function unreadable(
  path: string,
  read: Exclude<Awaited<ReturnType<typeof readText>>, { kind: "text" }>,
): Problems {
  const reason =
    read.kind === "unreadable"
      ? read.reason
      : read.kind === "folder"
        ? "it is a folder"
        : "it does not exist";
  return usageProblem("E365", { path, reason });
}

/** The packages that a change affects, with the reason, in the order of the workspace. */
export type AffectedPackages = ReadonlyMap<string, AffectedReason>;

/** The packages that are changed themselves. */
export async function changedIn(
  { root, packages, globalInputs, languages = [] }: ChangeScope,
  found: FoundChanges,
): Promise<ReadonlyMap<string, ChangeReason>> {
  const { mayBeLock } = await import("#core/affected/lock-names");
  const lockFiles = found.files.filter(mayBeLock);
  const locks =
    lockFiles.length === 0
      ? []
      : await (
          await import("./lock-changes")
        ).lockChanges(lockFiles, { root, packages, before: found.before });
  return changedPackages({ packages, files: found.files, globalInputs, languages, locks });
}

/** What the changes of a workspace affect. */
export async function affectedIn(
  scope: ChangeScope,
  found: FoundChanges,
  options: SpreadOptions,
): Promise<AffectedPackages> {
  return spreadChanges(scope.packages, await changedIn(scope, found), options);
}
