import { isTable, listAt, tableAt, textAt, textOrTextsAt } from "#base/value-at";
import { literalText } from "#core/migrate/zr-text";
import { inherits, type MoonWorkspace } from "./moon-workspace";
import type { MoonTask } from "./moon-tasks";

/** Patterns of a file group: those of the project over inherited ones; undefined where there is none. */
function groupOf(
  name: string,
  { project }: MoonTask,
  workspace: MoonWorkspace,
): readonly string[] | undefined {
  const own = tableAt(project.source?.value, "fileGroups");
  if (Object.hasOwn(own, name)) return textOrTextsAt(own, name);
  const shared = workspace.shared.filter(
    (file) => inherits(project, file) && Object.hasOwn(tableAt(file.value, "fileGroups"), name),
  );
  const last = shared.at(-1);
  return last === undefined ? undefined : textOrTextsAt(last.value, "fileGroups", name);
}

/** Files and variables that a list of inputs or outputs names. */
export interface MoonPatterns {
  readonly globs: readonly string[];
  readonly env: readonly string[];
  /** Entries that can't be said. */
  readonly unknown: readonly string[];
}

export function moonPatterns(
  items: readonly unknown[],
  task: MoonTask,
  workspace: MoonWorkspace,
): MoonPatterns {
  const globs: string[] = [];
  const env: string[] = [];
  const unknown: string[] = [];
  const groups = new Set<string>();
  const read = (item: unknown): void => {
    if (typeof item !== "string") {
      const text = textAt(item, "glob") ?? textAt(item, "file");
      const group = textAt(item, "group");
      if (text !== undefined) read(text);
      else if (group !== undefined && !isTable(tableAt(item)["project"])) read(`@group(${group})`);
      else unknown.push(JSON.stringify(item));
      return;
    }
    const token = /^@(?:group|globs|files|dirs|root)\(([\w-]+)\)$/.exec(item)?.[1];
    const name = /^\$(\w[\w*]*)$/.exec(item)?.[1];
    if (token !== undefined) {
      const group = groupOf(token, task, workspace);
      if (group === undefined) unknown.push(item);
      // A group that holds itself adds nothing more.
      else if (!groups.has(token)) {
        groups.add(token);
        for (const pattern of group) read(pattern);
      }
    } else if (name !== undefined) env.push(name);
    else if (/^(?:@|\w+:\/\/)/.test(item) && !/^(?:file|glob):\/\//.test(item)) unknown.push(item);
    else globs.push(globOf(item.replace(/^(?:file|glob):\/\//, ""), task));
  };
  for (const item of items) read(item);
  return { globs: [...new Set(globs)], env: [...new Set(env)], unknown };
}

function globOf(text: string, task: MoonTask): string {
  const isNegative = text.startsWith("!");
  const filled = (isNegative ? text.slice(1) : text)
    .replaceAll(/\$workspaceRoot\/?/g, "/")
    .replaceAll(/\$projectRoot\/?/g, "")
    .replaceAll("$projectSource", task.project.path)
    .replaceAll(/\$(?:project|projectName)\b/g, task.project.id)
    .replaceAll(/\$task\b/g, task.id)
    .replace(/[?#](?:match|cache|optional)=.*$/, "");
  const path = filled.startsWith("/") ? `//${filled.replace(/^\/+/, "")}` : filled.replace(/^\.\//, "");
  const glob = path.replace(/(^|\/)\*\*\/\*$/, "$1**");
  return `${isNegative ? "!" : ""}${glob === "**" ? "$default" : glob}`;
}

/** A text of moon with its tokens put in; undefined where one of them is known only to moon. */
export function moonText(text: string, task: MoonTask): string | undefined {
  const { project, id } = task;
  const values: Readonly<Record<string, string>> = {
    project: project.id,
    projectName: project.id,
    projectSource: project.path,
    projectRoot: "${package.dir}",
    workspaceRoot: "${workspace.root}",
    target: `${project.id}:${id}`,
    task: id,
    language: project.language,
    projectType: project.layer,
    projectLayer: project.layer,
    projectStack: project.stack,
  };
  if (/@(?:group|globs|files|dirs|root|in|out|envs|meta)\(/.test(text)) return undefined;
  if (
    /\$(?:projectAlias|projectChannel|projectOwner|projectTitle|projectAliases|taskPlatform|taskToolchain|taskType|date|datetime|time|timestamp|vcsBranch|vcsRepository|vcsRevision|arch|os|osFamily|workingDir)\b/.test(
      text,
    )
  )
    return undefined;
  let result = "";
  let at = 0;
  for (const match of text.matchAll(/\$(\w+)/g)) {
    const value = Object.hasOwn(values, match[1] ?? "") ? values[match[1] ?? ""] : undefined;
    if (value === undefined) continue;
    result += literalText(text.slice(at, match.index), result) + value;
    at = match.index + match[0].length;
  }
  return result + literalText(text.slice(at), result);
}

/** Words of a command; a group of files stands for its patterns. Undefined where moon would look at the disk. */
export function moonWords(
  items: readonly unknown[],
  task: MoonTask,
  workspace: MoonWorkspace,
): readonly string[] | undefined {
  const found: string[] = [];
  for (const item of items) {
    const text = String(item);
    const token = /^@(group|globs|files|dirs)\(([\w-]+)\)$/.exec(text);
    if (token !== null) {
      const group = groupOf(token[2] ?? "", task, workspace);
      if (
        group === undefined ||
        (token[1] !== "globs" && token[1] !== "group" && group.some((one) => /[*?[{]/.test(one)))
      )
        return undefined;
      found.push(...group);
      continue;
    }
    const listed = /^@(in|out)\((\d+)\)$/.exec(text);
    const filled =
      listed === null
        ? moonText(text, task)
        : pathAt(task, listed[1] === "in" ? "inputs" : "outputs", Number(listed[2]));
    if (filled === undefined) return undefined;
    found.push(filled);
  }
  return found;
}

/** The path of an input or output by its number, from the folder of the task; undefined for a pattern. */
function pathAt({ table, project }: MoonTask, key: "inputs" | "outputs", index: number): string | undefined {
  const item = listAt(table, key)[index];
  if (typeof item !== "string" || /[*?[{$@]|:\/\//.test(item)) return undefined;
  const isAtRoot = tableAt(table, "options")["runFromWorkspaceRoot"] === true || project.path === ".";
  if (!item.startsWith("/")) return isAtRoot && project.path !== "." ? `${project.path}/${item}` : item;
  return isAtRoot ? item.slice(1) : "../".repeat(project.path.split("/").length) + item.slice(1);
}

/** All entries of a list, those that stand alone too. */
export const entriesAt = (table: unknown, key: string): readonly unknown[] => {
  const list = listAt(table, key);
  const single = textAt(table, key);
  return single === undefined ? list : [single];
};
