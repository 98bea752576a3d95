import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { parseTemplate } from "#core/expr/interpolate";
import { tokenize } from "#core/expr/lexer";
import type { Token } from "#core/expr/lexer";
import { findTask } from "#core/workspace/references";
import { effectiveText, functionText, keyText, memberText, nameText, taskText } from "./describe";
import { entryAt, originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { isConfiguration } from "./is-configuration";
import { nameUses } from "./name-uses";
import type { NameUse } from "./name-uses";
import { keysOf, symbolOf, taskEntries } from "./symbol";
import { offsetInString, spanInString } from "./text-model";
import type { TextModel } from "./text-model";
import { typedStrings } from "./typed-strings";

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

/** What is known of the thing at an offset: a key, a task, a name of an expression, a reference. */
export function hoverAt(model: EditorModel, file: string, offset: number): Hover | undefined {
  const text = model.textOf(file);
  if (text === undefined || !isConfiguration(file)) return undefined;
  return ofUse(model, text, offset) ?? ofString(text, offset) ?? ofKey(model, text, offset);
}

function ofUse(model: EditorModel, text: TextModel, offset: number): Hover | undefined {
  const use = nameUses(text).find(({ span }) => offset >= span.start && offset <= span.end);
  if (use === undefined) return undefined;
  if (use.kind === "task" || use.kind === "template") return ofTaskUse(model, text, use);
  return use.kind === "package" ? ofPackageUse(model, use) : ofValueUse(model, text, use);
}

function ofTaskUse(model: EditorModel, text: TextModel, use: NameUse): Hover | undefined {
  const symbol = symbolOf(model, text.path, use);
  if (symbol === undefined) return undefined;
  const [entry, ...others] = taskEntries(model.workspace, text.path, use.name);
  const packages = [...(model.workspace?.packages.values() ?? [])];
  const owner = packages.find(({ config }) => entry !== undefined && config.tasks.get(entry.name) === entry);
  const shown =
    entry === undefined || owner === undefined ? `**${symbol.name}**` : taskText(model, owner, entry);
  const more = others.length === 0 ? "" : `\n\nand ${others.length} more`;
  return { text: shown + more, span: use.span };
}

function ofPackageUse({ workspace }: EditorModel, { name, span }: NameUse): Hover | undefined {
  const pkg = workspace?.packages.get(name);
  if (pkg === undefined) return undefined;
  const tasks = [...pkg.config.tasks.keys()].slice(0, 20).map((task) => `\`${task}\``);
  return { text: `**${pkg.name}** in \`${pkg.path}\`\n\nTasks: ${tasks.join(", ")}`, span };
}

/** What is written where a variable, an axis of a matrix or a parameter is defined. */
function ofValueUse(model: EditorModel, text: TextModel, use: NameUse): Hover | undefined {
  const definition = symbolOf(model, text.path, use)?.definitions.at(-1);
  const source = definition === undefined ? undefined : model.textOf(definition.file);
  const value = definition === undefined ? undefined : source?.find(definition.path)?.value?.span;
  if (source === undefined || value === undefined) return undefined;
  const name = `${use.kind === "var" ? "vars" : use.kind}.${use.name}`;
  return {
    text: `**${name}**\n\n\`\`\`toml\n${source.text.slice(value.start, value.end)}\n\`\`\``,
    span: use.span,
  };
}

/** A name or function of an expression, or the namespace of a reference. */
function ofString(text: TextModel, offset: number): Hover | undefined {
  const string = typedStrings(text).find(({ node }) => offset > node.span.start && offset < node.span.end);
  if (string === undefined) return undefined;
  const { node, format } = string;
  const at = offsetInString(text.text, node, offset);
  if (format !== "expression") {
    const part = parseTemplate(node.value).parts.find(
      ({ kind, span }) => kind === "reference" && at >= span.start && at <= span.end,
    );
    const shown = part?.kind === "reference" ? nameText(part.namespace) : undefined;
    return part === undefined || shown === undefined
      ? undefined
      : { text: shown, span: spanInString(text.text, node, part.span) };
  }
  const { tokens } = tokenize(node.value);
  const index = tokens.findIndex(({ kind, span }) => kind === "name" && at >= span.start && at <= span.end);
  const token = tokens[index];
  if (token === undefined) return undefined;
  const owner = tokens[index - 1]?.text === "." ? rootBefore(tokens, index - 2) : undefined;
  const member = tokens[index + 1]?.text === "." ? tokens[index + 2] : undefined;
  const shown =
    owner === undefined
      ? (functionText(token.text) ??
        (member === undefined ? undefined : functionText(`${token.text}.${member.text}`)) ??
        nameText(token.text))
      : (functionText(`${owner}.${token.text}`) ?? memberText(owner, token.text) ?? nameText(owner));
  return shown === undefined ? undefined : { text: shown, span: spanInString(text.text, node, token.span) };
}

/** The name that a chain of members begins with: `tasks` of `tasks['a'].success`, whose last bracket is at `index`. */
function rootBefore(tokens: readonly Token[], index: number): string | undefined {
  let at = index;
  if (tokens[at]?.text === "]") at -= 3;
  while (tokens[at - 1]?.text === "." && tokens[at - 2]?.kind === "name") at -= 2;
  return tokens[at]?.kind === "name" ? tokens[at]?.text : undefined;
}

function ofKey(model: EditorModel, text: TextModel, offset: number): Hover | undefined {
  for (const { path, span } of keysOf(text)) {
    if (offset < span.start || offset > span.end) continue;
    const task = taskAt(model, text.path, path);
    if (task !== undefined) return { text: task, span };
    const shown = keyText(path);
    if (shown === undefined) return undefined;
    const found = path.length === 3 ? entryAt(model.workspace, text.path, path) : undefined;
    const value =
      found === undefined || model.workspace === undefined
        ? undefined
        : effectiveText(model.workspace, found, String(path[2]));
    return { text: value === undefined ? shown : `${shown}\n\n${value}`, span };
  }
  return undefined;
}

function taskAt(model: EditorModel, file: string, path: KeyPath): string | undefined {
  if (path.length !== 2) return undefined;
  const found = entryAt(model.workspace, file, path);
  if (found !== undefined && path[0] === "tasks") return taskText(model, found.pkg, found.entry);
  if (path[0] !== "alias") return undefined;
  const [origin] = originsOf(model.workspace, file);
  const target = origin === undefined ? undefined : findTask(origin.pkg, String(path[1]));
  return target === undefined ? undefined : taskText(model, target.pkg, target.entry);
}
