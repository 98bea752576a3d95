import { suggest } from "#base/suggest";
import type { TaskEntry } from "#core/config/config";
import type { Package, Workspace } from "./workspace";

/** A task that a reference leads to. */
export interface Target {
  readonly pkg: Package;
  readonly entry: TaskEntry;
  /** What the stars of a pattern task stood for. */
  readonly match: readonly string[];
}

/** A reference as written: the name and the matrix combinations that brackets pick. */
export interface ParsedReference {
  readonly name: string;
  readonly pick: Readonly<Record<string, string>>;
}

/** `test[os=linux,arch=x64]` as name and pick. Brackets that are no picks belong to the name, which then won't be found. */
export function parseReference(text: string): ParsedReference {
  const match = text.endsWith("]") ? /^([^[]+)\[([^\]]+)\]$/.exec(text) : null;
  if (match === null) return { name: text, pick: {} };
  const pick: Record<string, string> = {};
  for (const part of (match[2] ?? "").split(",")) {
    const equals = part.indexOf("=");
    if (equals <= 0) return { name: text, pick: {} };
    pick[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
  }
  return { name: match[1] ?? "", pick };
}

const NO_MATCH: readonly string[] = [];

/** From where a reference is made. */
export interface Origin {
  readonly pkg: Package;
  /** Namespace of the file it stands in; names resolve there first. */
  readonly namespace?: string;
}

/**
 * The tasks that a name means, none where there is no such task. Forms: `name`, `pkg:name`, `//:name` (the root's),
 * `^name` (of the packages this one depends on), `tag:x#name`, `*:name` (of every package that has it).
 */
export function resolveReference(workspace: Workspace, origin: Origin, name: string): readonly Target[] {
  // By far the most references are plain names of the same package.
  const plain = origin.namespace === undefined ? origin.pkg.config.tasks.get(name) : undefined;
  if (plain !== undefined && !name.includes("*")) return [{ pkg: origin.pkg, entry: plain, match: NO_MATCH }];
  if (name.startsWith("^")) {
    const packages = origin.pkg.deps
      .map((dep) => workspace.packages.get(dep))
      .filter((pkg) => pkg !== undefined);
    return packages.flatMap((pkg) => findTask(pkg, name.slice(1)) ?? []);
  }
  if (name.startsWith("*:"))
    return [...workspace.packages.values()].flatMap((pkg) => findTask(pkg, name.slice(2)) ?? []);
  if (name.startsWith("tag:") && name.includes("#")) {
    const [tag = "", task = ""] = name.slice(4).split("#", 2);
    return [...workspace.packages.values()]
      .filter((pkg) => pkg.tags.includes(tag))
      .flatMap((pkg) => findTask(pkg, task) ?? []);
  }
  const inNamespace =
    origin.namespace === undefined ? undefined : findTask(origin.pkg, `${origin.namespace}:${name}`);
  const found = inNamespace ?? findTask(origin.pkg, name) ?? findQualified(workspace, name);
  return found === undefined ? [] : [found];
}

/** Whether a reference may rightly lead nowhere: `^build` of a package without dependencies that build. */
export function mayBeEmpty(workspace: Workspace, name: string): boolean {
  if (!name.startsWith("^")) return false;
  const task = name.slice(1);
  for (const pkg of workspace.packages.values()) if (findTask(pkg, task) !== undefined) return true;
  return false;
}

function findQualified(workspace: Workspace, name: string): Target | undefined {
  for (let colon = name.lastIndexOf(":"); colon > 0; colon = name.lastIndexOf(":", colon - 1)) {
    const prefix = name.slice(0, colon);
    const pkg = prefix === "//" ? workspace.rootPackage : workspace.packages.get(prefix);
    const found = pkg === undefined ? undefined : findTask(pkg, name.slice(colon + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The task of this package with this name: exactly, by alias, or by a pattern (the longest that fits). */
export function findTask(pkg: Package, name: string): Target | undefined {
  const { tasks } = pkg.config;
  const exact = tasks.get(name);
  if (exact !== undefined && !name.includes("*")) return { pkg, entry: exact, match: [] };
  const index = taskIndex(pkg);
  const aliased = index.aliases.get(name);
  if (aliased !== undefined) return { pkg, entry: aliased, match: [] };
  for (const { entry, pattern } of index.patterns) {
    const match = pattern.exec(name);
    if (match !== null) return { pkg, entry, match: match.slice(1) };
  }
  return undefined;
}

interface TaskIndex {
  readonly aliases: ReadonlyMap<string, TaskEntry>;
  readonly patterns: readonly { readonly entry: TaskEntry; readonly pattern: RegExp }[];
}

/** Aliases and patterns of a package, found once; packages are values that never change. */
const indexes = new WeakMap<Package, TaskIndex>();

function taskIndex(pkg: Package): TaskIndex {
  const known = indexes.get(pkg);
  if (known !== undefined) return known;
  const aliases = new Map<string, TaskEntry>();
  const patterns: { entry: TaskEntry; pattern: RegExp }[] = [];
  for (const [name, entry] of pkg.config.tasks) {
    for (const source of entry.sources)
      for (const alias of source.table.aliases ?? []) aliases.set(alias, entry);
    if (name.includes("*")) patterns.push({ entry, pattern: starPattern(name) });
  }
  patterns.sort((a, b) => b.entry.name.length - a.entry.name.length);
  const index = { aliases, patterns };
  indexes.set(pkg, index);
  return index;
}

const starPattern = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split("*")
      .map((part) => part.replaceAll(/[.[\](){}+?^$|\\/]/g, "\\$&"))
      .join("(.+?)")}$`,
    "u",
  );

/** Names that may have been meant: tasks of the package, and qualified ones of the others. */
export function suggestTasks(workspace: Workspace, origin: Origin, name: string): string[] {
  const local = [...origin.pkg.config.tasks.keys()].filter((task) => !task.includes("*"));
  const prefix = /^(\^|\*:|tag:[^#]*#)/.exec(name)?.[0] ?? "";
  if (prefix !== "") {
    const all = [...workspace.packages.values()];
    const wanted = name.slice(prefix.length);
    const tag = /^tag:(.*)#$/.exec(prefix)?.[1];
    const reached = tag === undefined ? all : all.filter(({ tags }) => tags.includes(tag));
    if (reached.length === 0) {
      const tags = all.flatMap((pkg) => pkg.tags);
      return suggest(tag ?? "", tags).map((near) => `tag:${near}#${wanted}`);
    }
    const tasks = reached.flatMap((pkg) => [...pkg.config.tasks.keys()]);
    return suggest(wanted, tasks).map((task) => prefix + task);
  }
  const near = suggest(name, local);
  if (near.length > 0) return near;
  const isPlain = origin.pkg.prefix === "" && !name.startsWith("//:");
  const others = [...workspace.packages.values()].flatMap(({ prefix: of, config }) =>
    [...config.tasks.keys()].map((task) => (of === "" && isPlain ? task : `${of || "//"}:${task}`)),
  );
  const elsewhere = others.filter((task) => task.endsWith(`:${name}`)).slice(0, 3);
  if (elsewhere.length > 0) return elsewhere;
  const alike = suggest(name, others);
  return alike.length > 0 ? alike : suggestByFolder(name, others);
}

/** A package without a name of its own is called by its path; the last part of it is what people remember. */
function suggestByFolder(name: string, tasks: readonly string[]): string[] {
  const short = (task: string): string => task.slice(task.lastIndexOf("/", task.lastIndexOf(":")) + 1);
  const near = suggest(name, tasks.map(short));
  return near.flatMap((found) => tasks.filter((task) => short(task) === found)).slice(0, 3);
}
