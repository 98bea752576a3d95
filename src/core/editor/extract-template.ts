import type { CodeAction } from "./code-action";
import type { Section } from "./outline";
import type { Span } from "#base/span";
import { lineEndOf } from "./line-index";
import type { TextModel } from "./text-model";

/** What tasks usually share; the rest is what makes them different. */
const SHARED = new Set([
  "env",
  "cwd",
  "shell",
  "timeout",
  "retry",
  "tags",
  "inputs",
  "outputs",
  "cache",
  "env_file",
  "platforms",
  "grace_period",
  "resources",
  "required_env",
]);

/** Moves the keys of a task that others could share into a template which it extends. */
export function extractTemplate(model: TextModel, section: Section): readonly CodeAction[] {
  const { text, path: file } = model;
  const { path, pairs, header } = section;
  if (header === undefined || path.length !== 2 || path[0] !== "tasks") return [];
  const shared = pairs.filter(
    ({ keys, equals }) => keys.length === 1 && equals !== undefined && SHARED.has(keys[0]?.name ?? ""),
  );
  const hasExtends = pairs.some(({ keys }) => keys[0]?.name === "extends");
  if (shared.length === 0 || hasExtends) return [];
  const name = freeName(model, String(path[1]).replaceAll(/[^\w-]+/g, "-"));
  const lines = shared.map(({ span }) => lineOf(text, span));
  if (new Set(lines.map(({ start }) => start)).size < lines.length) return [];
  const eol = lineEndOf(text);
  const body = lines.map(({ start, end }) => text.slice(start, end).trim() + eol).join("");
  const headerEnd = text.indexOf("\n", header.span.end);
  if (headerEnd === -1) return [];
  const comments = leadingComments(text, section.span.start);
  return [
    {
      title: `Extract template '${name}'`,
      kind: "refactor.extract",
      edits: [
        { file, span: { start: comments, end: comments }, text: `[templates.${name}]${eol}${body}${eol}` },
        { file, span: { start: headerEnd + 1, end: headerEnd + 1 }, text: `extends = "${name}"${eol}` },
        ...lines.map((span) => ({ file, span, text: "" })),
      ],
    },
  ];
}

function freeName(model: TextModel, task: string): string {
  const taken = (name: string): boolean => model.find(["templates", name]) !== undefined;
  for (let number = 1; ; number += 1) {
    const name = `${task}-base${number === 1 ? "" : `-${number}`}`;
    if (!taken(name)) return name;
  }
}

/** The lines of a key, with what is said about it above and behind it. */
function lineOf(text: string, span: Span): Span {
  const lineEnd = text.indexOf("\n", span.end);
  return {
    start: leadingComments(text, text.lastIndexOf("\n", span.start - 1) + 1),
    end: lineEnd === -1 ? text.length : lineEnd + 1,
  };
}

/** Where the comments right above an offset begin. */
function leadingComments(text: string, offset: number): number {
  let at = offset;
  while (at > 0) {
    const before = text.lastIndexOf("\n", at - 2) + 1;
    if (!text.slice(before, at).trimStart().startsWith("#")) break;
    at = before;
  }
  return at;
}
