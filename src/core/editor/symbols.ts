import type { Span } from "#base/span";
import { ownFiles } from "./editor-model";
import type { EditorModel } from "./editor-model";
import type { Section, ValueNode } from "./outline";
import type { Definition } from "./symbol";
import type { TextModel } from "./text-model";

export type SymbolKind = "section" | "task" | "workflow" | "template" | "table" | "key" | "item";

/** A part of a document as its outline shows it. */
export interface DocumentSymbol {
  readonly name: string;
  readonly detail?: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The tables of a document and what stands in them, in the order of the text. */
export function documentSymbols({ outline, text }: TextModel): readonly DocumentSymbol[] {
  return outline.sections.flatMap((section) => {
    const children = section.pairs.map((pair): DocumentSymbol => {
      const last = pair.keys.at(-1)?.span ?? pair.span;
      const start = pair.keys[0]?.span.start ?? last.start;
      return {
        name: text.slice(start, last.end) || "?",
        kind: "key",
        ...detailOf(text, pair.value),
        span: pair.span,
        nameSpan: { start, end: last.end },
        children: [],
      };
    });
    if (section.header === undefined) return children;
    const { span, keys } = section.header;
    const end = section.span.start + text.slice(section.span.start, section.span.end).trimEnd().length;
    return [
      {
        name: keys.map(({ name }) => name).join(".") || "?",
        kind: sectionKind(section),
        // A value that is missing may end in the blanks behind its `=`.
        span: { start: section.span.start, end: Math.max(span.end, end, children.at(-1)?.span.end ?? 0) },
        nameSpan: span,
        children,
      },
    ];
  });
}

function sectionKind({ path }: Section): SymbolKind {
  if (path.length !== 2) return path.length === 1 ? "section" : "table";
  const kinds: Readonly<Partial<Record<string, SymbolKind>>> = {
    tasks: "task",
    workflows: "workflow",
    templates: "template",
  };
  return kinds[String(path[0])] ?? "table";
}

const LONGEST = 60;

function detailOf(text: string, value: ValueNode): { readonly detail?: string } {
  const source = text.slice(value.span.start, Math.min(value.span.end, value.span.start + LONGEST));
  const [line = ""] = source.split("\n");
  return line === "" ? {} : { detail: line.length < value.span.end - value.span.start ? `${line}…` : line };
}

/** A name that can be found from anywhere in a workspace. */
export interface WorkspaceSymbol {
  readonly name: string;
  /** The package. */
  readonly container: string;
  readonly kind: SymbolKind;
  readonly file: string;
  readonly span: Span;
}

/** More than anybody looks through. */
const MOST = 300;

/** Tasks, workflows and templates of all packages whose names hold the letters of the query in their order. */
export function workspaceSymbols(model: EditorModel, query: string): readonly WorkspaceSymbol[] {
  const { workspace } = model;
  if (workspace === undefined) return [];
  const found: WorkspaceSymbol[] = [];
  const wanted = query.toLowerCase();
  for (const pkg of workspace.packages.values()) {
    const add = (kind: SymbolKind, name: string, { file, path }: Definition): void => {
      const id = pkg.prefix === "" ? name : `${pkg.prefix}:${name}`;
      if (found.length >= MOST || !holds(id.toLowerCase(), wanted)) return;
      const span = model.textOf(file)?.spanOf(path, "key") ?? { start: 0, end: 0 };
      found.push({ name: id, container: pkg.name, kind, file, span });
    };
    for (const { name, sources } of pkg.config.tasks.values())
      for (const source of sources.slice(-1)) if (source.file.endsWith(".toml")) add("task", name, source);
    for (const entry of pkg.config.workflows.values()) add("workflow", entry.name, entry);
  }
  for (const file of ownFiles(workspace))
    for (const name of model.textOf(file)?.find(["templates"])?.children.keys() ?? []) {
      const span = model.textOf(file)?.spanOf(["templates", name], "key");
      if (span !== undefined && found.length < MOST && holds(String(name).toLowerCase(), wanted))
        found.push({ name: String(name), container: "templates", kind: "template", file, span });
    }
  return found;
}

function holds(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
