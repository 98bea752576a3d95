import { startTemplate } from "#app/operations/start-template";
import { plainProblems, usageProblem } from "#app/problems";
import { findTemplate, listTemplates } from "#app/scaffold/find-templates";
import { relativeTo } from "#base/path";
import { suggest } from "#base/suggest";
import { textOf } from "#core/scaffold/render-template";
import type { Question, Template } from "#core/scaffold/template";
import { applyTemplate } from "#frontends/cli/apply-template";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { TEMPLATE_ACTIONS } from "#frontends/cli/completion/first-words";
import { print } from "#system/stdio/print";

/** `zr template list | show NAME | use NAME | new NAME`. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const [action = "list", name, surplus] = [...words, ...extra];
    if (!TEMPLATE_ACTIONS.includes(action))
      return refuse(
        session,
        usageProblem("E185", { command: "zr template", value: action }, suggest(action, TEMPLATE_ACTIONS)),
      );
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: `zr template ${action}`, value: surplus }));
    if (action === "list") return list(session, name);
    if (name === undefined)
      return refuse(
        session,
        usageProblem("E184", { command: `zr template ${action}`, what: "the name of a template" }),
      );
    if (action === "show") return show(session, name);
    if (action === "use") return applyTemplate(session, name, textOption(options, "into") ?? ".");
    return start(session, name);
  },
};

async function list(session: Session, word: string | undefined): Promise<number> {
  const { cwd, host, options } = session;
  const all = (await listTemplates({ cwd, env: host.env })).map((one) =>
    one.ok
      ? { name: one.value.name, description: one.value.description, ...folderOf(one.value) }
      : { name: one.error.name, description: `not valid: ${one.error.reason}` },
  );
  const wanted = all.filter(
    ({ name, description }) =>
      word === undefined || `${name} ${description}`.toLowerCase().includes(word.toLowerCase()),
  );
  if (formatOption(options) === "json") {
    await print("stdout", jsonDocument({ templates: wanted }));
    return 0;
  }
  const width = Math.max(0, ...wanted.map(({ name }) => name.length));
  const rows = wanted.map(({ name, description }) => `${name.padEnd(width)}  ${description}`.trimEnd());
  await print("stdout", rows.map((row) => `${visibleControls(row)}\n`).join(""));
  return 0;
}

const folderOf = ({ folder }: Template): { readonly folder?: string } =>
  folder === undefined ? {} : { folder };

async function show(session: Session, name: string): Promise<number> {
  const { cwd, host, options } = session;
  const found = await findTemplate(name, { cwd, env: host.env });
  if (!found.ok) return refuse(session, found.error);
  const template = found.value;
  if (formatOption(options) === "json") {
    await print("stdout", jsonDocument(template));
    return 0;
  }
  const parts = [
    `${template.name}: ${template.description}`,
    ...(template.folder === undefined ? [] : [`from ${relativeTo(cwd, template.folder)}`]),
    ...(template.questions.length === 0 ? [] : ["", "asks", ...template.questions.map(questionLine)]),
    ...(template.config === undefined ? [] : ["", "adds to zr.toml", ...indented(template.config.trim())]),
  ];
  await print("stdout", parts.map((line) => `${visibleControls(line)}\n`).join(""));
  return 0;
}

function questionLine({ name, ask, type, choices, pattern, default: fallback }: Question): string {
  const kind =
    type === "choice" ? choices.join(" | ") : pattern === undefined ? type : `${type} like ${pattern}`;
  return `  ${name} (${kind}${fallback === undefined ? "" : `, default ${textOf(fallback)}`}): ${ask}`;
}

const indented = (text: string): readonly string[] =>
  text.split("\n").map((line) => (line === "" ? "" : `  ${line}`));

async function start(session: Session, name: string): Promise<number> {
  const { cwd, options } = session;
  const made = await startTemplate({ name, cwd, dryRun: isOn(options, "dry-run") });
  if (!made.ok) return refuse(session, plainProblems(made.error));
  const verb = isOn(options, "dry-run") ? "would create" : "created";
  if (!isOn(options, "quiet"))
    await print("stderr", made.value.map((path) => `${verb} ${relativeTo(cwd, path)}\n`).join(""));
  return 0;
}
