import { relativeTo, resolveFrom } from "#base/path";
import type { InstanceState } from "#core/model/outcome";
import type { ArtifactRule, Instance } from "#core/model/plan";
import { keepFiles } from "#engine/artifacts/keep-files";
import { isFolder } from "#system/fs/is-folder";
import { globFilesAndLinks } from "#system/fs/kept-files";
import { pathExists } from "#system/fs/path-exists";
import { matchesPatterns } from "./expr-host-files";
import type { FilePlace } from "./expr-host-files";
import type { RunContext } from "./run-context";

const MAX_PROBLEMS = 5;

/** Where artifacts are looked for, and of whom. */
export interface ArtifactsOf {
  readonly instance: Instance;
  readonly context: RunContext;
  readonly state: InstanceState;
}

/** Keeps the files that an instance which has ended asks to be kept. What can't be kept is worth a warning. */
export async function keepArtifacts(
  rule: ArtifactRule,
  { instance, context, state }: ArtifactsOf,
): Promise<void> {
  const { id } = instance;
  const { hub, plan } = context;
  const warn = (text: string): void =>
    hub.emit({ type: "note", level: "warn", text: `artifacts of ${id}: ${text}` });
  const { paths, unmatched } = await findArtifacts(rule.paths, {
    root: plan.root,
    packageDir: instance.environment,
  });
  // A task that failed may not have come to making them.
  if (unmatched.length > 0 && state === "success") warn(`nothing matches ${unmatched.join(", ")}`);
  if (paths.length === 0) return;
  const kept = await keepFiles({ root: plan.root, run: context.id, instance, state, rule, paths });
  if (!kept.ok) return warn(`can't be kept: ${kept.error}`);
  for (const problem of kept.value.problems.slice(0, MAX_PROBLEMS)) warn(problem);
  const more = kept.value.problems.length - MAX_PROBLEMS;
  if (more > 0) warn(`and ${more} more`);
  hub.emit({ type: "instance.artifacts", id, files: kept.value.files, bytes: kept.value.bytes });
}

const ROOT_PREFIX = "//";
const SPECIAL = /[*?[\]{}\\]/;

/** Absolute paths of the files that the patterns match, in the order of their paths, and the patterns that match none. */
async function findArtifacts(
  patterns: readonly string[],
  place: FilePlace,
): Promise<{ readonly paths: readonly string[]; readonly unmatched: readonly string[] }> {
  const found = new Set<string>();
  const unmatched: string[] = [];
  const excluding = patterns.filter((pattern) => pattern.startsWith("!"));
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) continue;
    const paths = await matching(pattern, place);
    if (paths.length === 0) unmatched.push(pattern);
    for (const path of paths) if (!isOwn(place.root, path)) found.add(path);
  }
  const all = [...found].sort();
  if (excluding.length === 0) return { paths: all, unmatched };
  const without = excluding.map((pattern) => pattern.slice(1));
  const isOut = (path: string): boolean => matchesPatterns(place, without, [relativeTo(place.root, path)]);
  return { paths: all.filter((path) => !isOut(path)), unmatched };
}

/** Files and links to files; of a folder that a pattern names, all that is below it. */
async function matching(pattern: string, { root, packageDir }: FilePlace): Promise<readonly string[]> {
  const isOfRoot = pattern.startsWith(ROOT_PREFIX);
  const base = isOfRoot ? root : packageDir;
  const text = pattern
    .slice(isOfRoot ? ROOT_PREFIX.length : 0)
    .replace(/^\.\//, "")
    .replace(/\/$/, "");
  if (!SPECIAL.test(text)) {
    const path = resolveFrom(base, text);
    if (await isFolder(path)) return filesAmong(await globFilesAndLinks("**", path));
    return filesAmong((await pathExists(path)) ? [path] : []);
  }
  return filesAmong(await globFilesAndLinks(text, base));
}

/** What is a folder, or leads to one, is none of the files that a pattern means. */
async function filesAmong(paths: readonly string[]): Promise<readonly string[]> {
  const isFile = await Promise.all(paths.map(async (path) => !(await isFolder(path))));
  return paths.filter((_, index) => isFile[index]);
}

/** zr's own files are not kept: they would hold what was kept before. */
const isOwn = (root: string, path: string): boolean => path.startsWith(`${root}/.zr/`);
