import type { LoadOptions } from "#app/load-workspace";
import { refused } from "#app/problems";
import type { Problems } from "#app/problems";
import { checkUnwritten } from "#app/scaffold/check-unwritten";
import { planFiles } from "#app/scaffold/planned-files";
import type { FilePlanning, PlannedFile } from "#app/scaffold/planned-files";
import { readConfig } from "#app/open-config";
import { asOnlyEditor } from "#app/scaffold/one-editor";
import { writePlanned } from "#app/scaffold/write-planned";
import { nearestConfig } from "#app/open-config";
import { basename, resolveFrom } from "#base/path";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { CONFIG_NAME } from "#core/config/config-names";
import { mergeText } from "#core/scaffold/merge-text";
import { readAnswer } from "#core/scaffold/read-answer";
import { renderTemplate } from "#core/scaffold/render-template";
import type { Answers } from "#core/scaffold/render-template";
import type { Answer, Question, Template } from "#core/scaffold/template";

export interface TemplateUse extends FilePlanning {
  readonly dryRun: boolean;
  readonly load: LoadOptions;
}

/**
 * Makes of a template what its answers say: files, and entries of zr.toml. Nothing is written unless all of it can be,
 * and zr accepts the configuration that comes of it.
 */
export const useTemplate = (use: TemplateUse): Promise<Result<readonly PlannedFile[], Problems>> =>
  use.dryRun ? made(use) : asOnlyEditor(() => made(use));

async function made(use: TemplateUse): Promise<Result<readonly PlannedFile[], Problems>> {
  const files = await planFiles(use);
  if (!files.ok) return files;
  const config = await planConfig(use, files.value);
  if (!config.ok) return config;
  const all = config.value === undefined ? files.value : [...files.value, config.value];
  const twice = all.find(({ path }, index) => all.findIndex((other) => other.path === path) !== index);
  if (twice !== undefined)
    return refused("E582", { template: use.template.name, reason: `two of its files become ${twice.path}` });
  const configs = all.filter(
    ({ path, state }) => basename(path) === CONFIG_NAME && state !== "kept" && state !== "unchanged",
  );
  const texts = new Map(
    configs.flatMap(({ path, content }) => (typeof content === "string" ? [[path, content] as const] : [])),
  );
  if (texts.size > 0) {
    const checked = await checkUnwritten(texts, { ...use.load, cwd: use.folder });
    if (!checked.ok) return checked;
  }
  if (use.dryRun) return ok(all);
  const written = await writePlanned(all);
  return written.ok ? ok(all) : written;
}

/** The nearest zr.toml with what the template adds to it; a new one where there is none. */
async function planConfig(
  { template, answers, folder, force, keep, load }: TemplateUse,
  files: readonly PlannedFile[],
): Promise<Result<PlannedFile | undefined, Problems>> {
  if (template.config === undefined) return ok(undefined);
  const rendered = renderTemplate(template.config, answers);
  if (!rendered.ok) return refused("E582", { template: template.name, reason: `config: ${rendered.error}` });
  const added = `${rendered.value.trim()}\n`;
  const named = load.configPath === undefined ? undefined : resolveFrom(load.cwd, load.configPath);
  const path = named ?? (await nearestConfig(folder)) ?? resolveFrom(folder, CONFIG_NAME);
  if (files.some((file) => file.path === path)) return ok(undefined);
  const read = await readConfig(path);
  if (!read.ok) {
    const isMissing = read.error.diagnostics.some(({ code }) => code === "E155");
    return isMissing ? ok({ path, content: added, state: "new", isExecutable: false }) : read;
  }
  const present = read.value.text;
  const onConflict = force ? "take" : keep ? "keep" : "refuse";
  const merged = mergeText(path, { present, added, onConflict });
  if (!merged.ok) return refused("E588", { path, reason: merged.error });
  const state = merged.value === present ? "unchanged" : "merged";
  return ok({ path, content: merged.value, state, isExecutable: false });
}

/** Asks a person, or takes the default where there is nobody; undefined where that gives no answer. */
export type Ask = (question: Question, fallback: Answer | undefined) => Promise<Answer | undefined>;

/**
 * The answers to all questions: those given by name, then what a person says, then the defaults.
 *
 * @param given texts by the name of the question.
 */
export async function answersTo(
  template: Template,
  given: ReadonlyMap<string, string>,
  ask: Ask,
): Promise<Result<Answers, Problems>> {
  const names = template.questions.map(({ name }) => name);
  const strange = [...given.keys()].find((name) => !names.includes(name));
  if (strange !== undefined)
    return refused("E585", { template: template.name, name: strange }, suggest(strange, names));
  const answers = new Map<string, Answer>();
  for (const question of template.questions) {
    const answer = await answerTo(question, given.get(question.name), { template, answers, ask });
    if (!answer.ok) return answer;
    answers.set(question.name, answer.value);
  }
  return ok(answers);
}

async function answerTo(
  question: Question,
  text: string | undefined,
  { template, answers, ask }: { readonly template: Template; readonly answers: Answers; readonly ask: Ask },
): Promise<Result<Answer, Problems>> {
  const { name } = question;
  if (text !== undefined) {
    const answer = readAnswer(text, question);
    return answer.ok ? answer : refused("E584", { value: text, name, expected: answer.error });
  }
  const fallback =
    typeof question.default === "string" ? renderTemplate(question.default, answers) : ok(question.default);
  if (!fallback.ok)
    return refused("E582", { template: template.name, reason: `questions.${name}: ${fallback.error}` });
  const answer = await ask(question, fallback.value);
  return answer === undefined ? refused("E583", { template: template.name, name }) : ok(answer);
}
