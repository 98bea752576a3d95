import { refused } from "#app/problems";
import type { Problems } from "#app/problems";
import { ancestors, basename, dirname, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { userConfigPath } from "#app/load-workspace";
import { CONFIG_NAME } from "#core/config/config-names";
import { readTemplate } from "#core/scaffold/read-template";
import { TEMPLATE_NAME } from "#core/scaffold/template";
import type { Template } from "#core/scaffold/template";
import { languageTemplates } from "#languages/task-templates";
import { pathExists } from "#system/fs/path-exists";
import { globFiles, readText } from "#system/fs/read-text";
import { builtinTemplates } from "./builtin-templates";

export interface TemplatePlaces {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A template, or why it can't be used. */
export type FoundTemplate = Result<Template, { readonly name: string; readonly reason: string }>;

const FOLDER = "templates";

/** All templates by name: those of the folders from here up, then the user's, then zr's own; the first of a name counts. */
export async function listTemplates(places: TemplatePlaces): Promise<readonly FoundTemplate[]> {
  const found = new Map<string, FoundTemplate>();
  for (const folder of await templateFolders(places)) {
    for (const path of await globFiles(`*/${TEMPLATE_NAME}`, folder)) {
      const template = await templateAt(dirname(path));
      const name = basename(dirname(path));
      if (!found.has(name)) found.set(name, template);
    }
  }
  for (const [name, text] of Object.entries({ ...builtinTemplates(), ...languageTemplates() }))
    if (!found.has(name)) found.set(name, withName(readTemplate(text, { name }), name));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, template]) => template);
}

/** The template of a name, or the one in a folder whose path begins with `.` or `/`. */
export async function findTemplate(
  name: string,
  places: TemplatePlaces,
): Promise<Result<Template, Problems>> {
  const isPath = /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/.test(name);
  if (isPath) {
    const folder = resolveFrom(places.cwd, name);
    const read = await readText(`${folder}/${TEMPLATE_NAME}`);
    return read.kind === "missing" ? refused("E581", { name }) : usable(await templateAt(folder));
  }
  const all = await listTemplates(places);
  const nameOf = (one: FoundTemplate): string => (one.ok ? one.value.name : one.error.name);
  const found = all.find((one) => nameOf(one) === name);
  return found === undefined ? refused("E581", { name }, suggest(name, all.map(nameOf))) : usable(found);
}

function usable(found: FoundTemplate): Result<Template, Problems> {
  if (found.ok) return found;
  const { name: template, reason } = found.error;
  return refused("E582", { template, reason });
}

async function templateAt(folder: string): Promise<FoundTemplate> {
  const name = basename(folder);
  const read = await readText(`${folder}/${TEMPLATE_NAME}`);
  if (read.kind !== "text")
    return err({ name, reason: read.kind === "unreadable" ? read.reason : "it is a folder" });
  return withName(readTemplate(read.text, { name, folder }), name);
}

const withName = (read: Result<Template, string>, name: string): FoundTemplate =>
  read.ok ? ok(read.value) : err({ name, reason: read.error });

/** Folders of templates, the nearest first: up to the repository's own, and the user's. */
async function templateFolders({ cwd, env }: TemplatePlaces): Promise<readonly string[]> {
  const top = await workspaceTop(cwd);
  const above = ancestors(cwd);
  const inside = top === undefined ? [cwd] : above.slice(0, above.indexOf(top) + 1);
  const user = userConfigPath(env);
  return [
    ...inside.map((folder) => resolveFrom(folder, FOLDER)),
    ...(user === undefined ? [] : [`${dirname(user)}/${FOLDER}`]),
  ];
}

/** The topmost folder with a zr.toml. */
async function workspaceTop(cwd: string): Promise<string | undefined> {
  const folders = ancestors(cwd);
  const have = await Promise.all(folders.map((folder) => pathExists(resolveFrom(folder, CONFIG_NAME))));
  return folders.findLast((_, index) => have[index]);
}
