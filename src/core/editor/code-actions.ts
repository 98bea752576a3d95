import type { Diagnostic } from "#base/diagnostic";
import type { Span } from "#base/span";
import { keyToToml } from "#core/config/toml/edit";
import { kindName } from "#core/config/check";
import type { EditorModel } from "./editor-model";
import { isConfiguration } from "./is-configuration";
import type { Section, ValueNode } from "./outline";
import { schemaAt } from "./schema-walk";
import type { TextModel } from "./text-model";
import type { CodeAction } from "./code-action";
import { extractTemplate } from "./extract-template";
import { lineEndOf } from "./line-index";

/** What can be done about the problems in a range, and with what stands there. */
export function codeActions(
  model: EditorModel,
  file: string,
  { range, diagnostics }: { readonly range: Span; readonly diagnostics: readonly Diagnostic[] },
): readonly CodeAction[] {
  const text = model.textOf(file);
  if (text === undefined) return [];
  const fixes = diagnostics
    .filter(({ place }) => touches(place?.span, range))
    .flatMap((problem) => fixesFor(text, problem));
  if (!isConfiguration(text.path)) return fixes;
  const section = text.sectionAt(range.start);
  return [...fixes, ...sortKeys(text, section), ...extractTemplate(text, section)];
}

const touches = (span: Span | undefined, range: Span): boolean =>
  span !== undefined && span.start <= range.end && span.end >= range.start;

function fixesFor(text: TextModel, problem: Diagnostic): readonly CodeAction[] {
  const span = problem.place?.span;
  if (span === undefined) return [];
  const written = text.text.slice(span.start, span.end);
  // Of a whole table or list it is not known which part of it is meant.
  const isPart = problem.place?.target !== "value" || !/^[[{]/.test(written);
  const names = (problem.suggestions ?? []).filter((name) => isPart && !isThere(text, problem, name));
  const actions: CodeAction[] = names.map((name) => ({
    title: `Change to ${name}`,
    kind: "quickfix",
    edits: [{ file: text.path, span, text: replacement(problem, written, name) }],
    mends: problem,
  }));
  if (problem.code === "E130") actions.push(...createTask(text, problem));
  if (problem.code === "E112") actions.push(...makeArray(text, problem));
  if (problem.code === "E440" || problem.code === "E441") actions.push(...removeUnused(text, problem));
  return actions;
}

/** Whether what has that name already where the problem is leaves no room for it: TOML defines nothing twice. */
function isThere(text: TextModel, { place }: Diagnostic, name: string): boolean {
  if (place?.target !== "key" || place.path === undefined) return false;
  const own = text.find(place.path);
  const other = text.find([...place.path.slice(0, -1), name]);
  if (own === undefined || other === undefined) return false;
  const isValue = own.value !== undefined || other.value !== undefined;
  return isValue || [...own.children.keys()].some((key) => other.children.has(key));
}

/** A key keeps its quotes where it needs them; a string keeps its kind of quotes, as one inside a string has to. */
function replacement({ place }: Diagnostic, written: string, name: string): string {
  if (place?.target === "key" || place?.target === "header") return keyToToml(name);
  const quote = /^(?:\\?"|')/.exec(written)?.[0];
  if (quote === undefined) return name;
  return quote === '"' || /['"\\\p{Cc}]/u.test(name) ? JSON.stringify(name) : quote + name + quote;
}

function createTask(text: TextModel, problem: Diagnostic): readonly CodeAction[] {
  const name = problem.data["name"];
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) return [];
  const end = text.text.trimEnd().length;
  const eol = lineEndOf(text.text);
  const gap = end === 0 ? "" : eol + eol;
  return [
    {
      title: `Create the task '${name}'`,
      kind: "quickfix",
      edits: [
        {
          file: text.path,
          span: { start: end, end: text.text.length },
          text: `${gap}[tasks.${keyToToml(name)}]${eol}cmd = "echo ${name}"${eol}`,
        },
      ],
      mends: problem,
    },
  ];
}

/** A single value where a list is wanted. */
function makeArray(text: TextModel, problem: Diagnostic): readonly CodeAction[] {
  const path = problem.place?.path ?? [];
  const node = text.find(path)?.value;
  const list = schemaAt(path)?.kinds.find(({ type }) => type === "list");
  if (
    node === undefined ||
    list?.type !== "list" ||
    node.kind === "array" ||
    !isItem(node, kindName(list.item))
  )
    return [];
  const source = text.text.slice(node.span.start, node.span.end);
  return [
    {
      title: "Make it an array",
      kind: "quickfix",
      edits: [{ file: text.path, span: node.span, text: `[${source}]` }],
      mends: problem,
    },
  ];
}

const isItem = (node: ValueNode, expected: string): boolean =>
  node.kind === "string"
    ? /string|"/.test(expected)
    : node.kind === "word"
      ? expected.includes(typeof node.value === "number" ? "number" : "true")
      : node.kind === "table" && expected.includes("table");

function removeUnused(text: TextModel, problem: Diagnostic): readonly CodeAction[] {
  const entry = text.find(problem.place?.path ?? []);
  const span = entry?.section?.span ?? entry?.pair?.span;
  if (span === undefined) return [];
  const start = text.text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.text.indexOf("\n", span.end);
  const end = entry?.section === undefined ? (lineEnd === -1 ? text.text.length : lineEnd + 1) : span.end;
  return [
    {
      title: "Remove it",
      kind: "quickfix",
      edits: [{ file: text.path, span: { start, end }, text: "" }],
      mends: problem,
    },
  ];
}

/** Puts the keys of a table into the order of the reference. Comments stay with the key below them. */
function sortKeys({ text, path: file }: TextModel, section: Section): readonly CodeAction[] {
  const { pairs, path } = section;
  const place = schemaAt(path);
  if (pairs.length < 2 || place === undefined || section.header === undefined) return [];
  const order = place.kinds.flatMap((kind) => (kind.type === "table" ? Object.keys(kind.fields) : []));
  const rank = (name: string): number => {
    const at = order.indexOf(name);
    return at === -1 ? order.length : at;
  };
  const blocks: { readonly name: string; readonly text: string }[] = [];
  let start = text.indexOf("\n", section.header.span.end) + 1;
  const first = start;
  for (const { keys, span } of pairs) {
    const lineEnd = text.indexOf("\n", span.end);
    const end = lineEnd === -1 ? text.length : lineEnd + 1;
    // Two pairs on a line, or a broken one: nothing that could be moved.
    if (end <= start || start === 0) return [];
    blocks.push({ name: keys[0]?.name ?? "", text: text.slice(start, end) });
    start = end;
  }
  if (!blocks.every((block) => block.text.endsWith("\n"))) return [];
  const sorted = blocks.toSorted(
    (a, b) => rank(a.name) - rank(b.name) || (rank(a.name) === order.length ? (a.name < b.name ? -1 : 1) : 0),
  );
  if (sorted.every((block, index) => block === blocks[index])) return [];
  return [
    {
      title: "Sort keys",
      kind: "source.sort",
      edits: [{ file, span: { start: first, end: start }, text: sorted.map((block) => block.text).join("") }],
    },
  ];
}
