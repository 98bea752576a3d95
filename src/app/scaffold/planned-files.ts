import { refused } from "#app/problems";
import type { Problems } from "#app/problems";
import { globMatcher } from "#base/glob";
import { dirname, isInside, relativeTo, resolveFrom } from "#base/path";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { mergeText } from "#core/scaffold/merge-text";
import { renderTemplate } from "#core/scaffold/render-template";
import type { Answers } from "#core/scaffold/render-template";
import { TEMPLATE_NAME } from "#core/scaffold/template";
import type { FileRule, Template } from "#core/scaffold/template";
import { mergeDotenv } from "#engine/env/merge-dotenv";
import { readBytes } from "#system/fs/read-bytes";
import { fileSystem } from "#system/runtime-modules";

/** A file that is to be written, with all of its content. */
export interface PlannedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly state: "new" | "overwritten" | "merged" | "unchanged" | "kept";
  readonly isExecutable: boolean;
}

export interface FilePlanning {
  readonly template: Template;
  readonly answers: Answers;
  /** The folder that it is used in, absolute. */
  readonly folder: string;
  /** What is done with files that are there already. */
  readonly force: boolean;
  readonly keep: boolean;
  readonly merge: boolean;
}

/** More is no template. */
const MOST_FILES = 10_000;
/** What ends so loses that end, so that tools don't take a file of a template for one of theirs. */
const ENDING = ".tmpl";
/** Files of variables. */
const DOTENV = /(?:^|\/)\.env(?:\.\w+)*$/;

/** What a template's files become. Nothing is written. */
export async function planFiles(planning: FilePlanning): Promise<Result<readonly PlannedFile[], Problems>> {
  const { template } = planning;
  if (template.folder === undefined) return ok([]);
  const sources = await filesBelow(template.folder);
  if (sources === undefined)
    return refused("E582", { template: template.name, reason: `it holds more than ${MOST_FILES} files` });
  const planned: PlannedFile[] = [];
  for (const source of sources) {
    if (source === TEMPLATE_NAME) continue;
    const file = await planFile(source, planning);
    if (!file.ok) return file;
    if (file.value !== undefined) planned.push(file.value);
  }
  return ok(planned);
}

/** Paths of the files below, from the folder; links are not followed. Undefined where there are too many. */
async function filesBelow(folder: string): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const entry of await fileSystem().readdir(`${folder}/${prefix}`, { withFileTypes: true })) {
      if (found.length > MOST_FILES) return;
      // Of a template that is a clone, its history is no part.
      if (entry.name === ".git") continue;
      if (entry.isDirectory()) await visit(`${prefix}${entry.name}/`);
      else if (entry.isFile()) found.push(prefix + entry.name);
    }
  };
  await visit("");
  return found.length > MOST_FILES ? undefined : found.sort();
}

async function planFile(
  source: string,
  planning: FilePlanning,
): Promise<Result<PlannedFile | undefined, Problems>> {
  const { template, answers, folder } = planning;
  const rules = template.rules.filter(({ glob }) => globMatcher(glob)(source));
  for (const { when } of rules) {
    if (when === undefined) continue;
    const answer = answers.get(when);
    if (answer === undefined)
      return refused("E582", {
        template: template.name,
        reason: `${source} depends on '${when}', which is no question`,
      });
    if (answer === false) return ok(undefined);
  }
  const name = renderTemplate(source.endsWith(ENDING) ? source.slice(0, -ENDING.length) : source, answers);
  if (!name.ok) return refused("E582", { template: template.name, reason: `${source}: ${name.error}` });
  const path = await placeOf(name.value, folder);
  if (path === undefined)
    return refused("E587", { path: resolveFrom(folder, name.value), template: template.name });
  const from = `${template.folder ?? ""}/${source}`;
  const bytes = await readBytes(from);
  const { mode } = await fileSystem().stat(from);
  const isExecutable = (mode & 0o111) !== 0;
  const text = rules.some(({ raw }) => raw) ? undefined : textOf(bytes);
  if (text === undefined) return settle({ path, content: bytes, isExecutable }, rules, planning);
  const rendered = renderTemplate(text, answers);
  if (!rendered.ok)
    return refused("E582", { template: template.name, reason: `${source}: ${rendered.error}` });
  return settle({ path, content: rendered.value, isExecutable }, rules, planning);
}

/** The path of a file; undefined where it would lie outside of the folder, be it by a link on the way. */
async function placeOf(name: string, folder: string): Promise<string | undefined> {
  const parts = name.split("/");
  // oxlint-disable-next-line no-control-regex -- no system shows such a name as it is.
  const isStrange = parts.some(
    (part) => part === "" || part === "." || part === ".." || /[\u0000-\u001f\u007f\\:]/.test(part),
  );
  // What git keeps for itself says which programs git runs.
  if (isStrange || parts.some((part) => /^(?:\.git|git~\d+)[. ]*$/i.test(part))) return undefined;
  const path = resolveFrom(folder, name);
  const [root, parent] = [await realFolder(folder), await realFolder(dirname(path))];
  return parent === root || isInside(root, parent) ? path : undefined;
}

/** The folder with links followed, as far as it is there. */
async function realFolder(folder: string): Promise<string> {
  try {
    return (await fileSystem().realpath(folder)).replaceAll("\\", "/");
  } catch {
    const above = dirname(folder);
    return above === folder
      ? folder
      : `${(await realFolder(above)).replace(/\/$/, "")}/${relativeTo(above, folder)}`;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What becomes of a file beside what is there. */
async function settle(
  file: Pick<PlannedFile, "path" | "content" | "isExecutable">,
  rules: readonly FileRule[],
  { force, keep, merge }: FilePlanning,
): Promise<Result<PlannedFile, Problems>> {
  const present = await presentAt(file.path);
  if (present === undefined) return ok({ ...file, state: "new" });
  if (present === "other") return refused("E586", { path: file.path });
  if (Buffer.from(file.content).equals(present)) return ok({ ...file, state: "unchanged" });
  const isMerged = merge || rules.some((rule) => rule.merge);
  const old = textOf(present);
  if (isMerged && typeof file.content === "string" && old !== undefined) {
    const onConflict = force ? "take" : keep ? "keep" : "refuse";
    const texts = { present: old, added: file.content, onConflict } as const;
    const merged = DOTENV.test(file.path) ? mergeDotenv(texts) : mergeText(file.path, texts);
    if (merged.ok)
      return ok({ ...file, content: merged.value, state: merged.value === old ? "unchanged" : "merged" });
    if (!force && !keep) return refused("E588", { path: file.path, reason: merged.error });
  }
  if (keep) return ok({ ...file, state: "kept" });
  return force ? ok({ ...file, state: "overwritten" }) : refused("E586", { path: file.path });
}

/** The content of a file; `other` for what is no plain file, links among it. */
async function presentAt(path: string): Promise<Uint8Array | "other" | undefined> {
  const found = await fileSystem()
    .lstat(path)
    .catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isFile() ? readBytes(path) : "other";
}
