import { loadWorkspace } from "#app/load-workspace";
import type { Diagnostic } from "#base/diagnostic";
import type { Span } from "#base/span";
import { codeActions } from "#core/editor/code-actions";
import { complete } from "#core/editor/complete";
import type { EditorModel } from "#core/editor/editor-model";
import { folds } from "#core/editor/folding";
import { hoverAt } from "#core/editor/hover";
import { inlayHints } from "#core/editor/inlay-hints";
import { lenses } from "#core/editor/lenses";
import { documentLinks } from "#core/editor/links";
import { renameAt } from "#core/editor/rename";
import { semanticTokens } from "#core/editor/semantic-tokens";
import { symbolAt } from "#core/editor/symbol";
import { documentSymbols, type DocumentSymbol } from "#core/editor/symbols";
import { TextModel } from "#core/editor/text-model";
import { reservedNames } from "#frontends/cli/commands";
import { readCorpus } from "#scripts/fuzz/corpus";
import { damagedText } from "#scripts/fuzz/damage";
import {
  hold,
  holdInside,
  textCase,
  textOf,
  type FuzzCase,
  type FuzzTarget,
} from "#scripts/fuzz/fuzz-target";

const FILE = "/w/zr.toml";
const PIECES = [
  "[",
  "]",
  "[[",
  '"',
  "'",
  '"""',
  "=",
  "\n",
  "\r\n",
  ".",
  ",",
  "{",
  "}",
  "#",
  "deps",
  "tasks.",
  "${vars.",
  "${",
  "extends",
  "condition = ",
  "\\",
  "\0",
  "😀",
];

/** An editor's text while somebody types: each edit, and each answer to it at the places that the words name. */
export const editor: FuzzTarget = {
  name: "editor",
  seeds: (root) =>
    readCorpus(root)
      .filter((text) => text.length < 3000)
      .map((text) => textCase(text)),
  make: (random, corpus): FuzzCase => {
    let text = textOf(random.pick(corpus));
    for (let count = random.below(4); count > 0; count -= 1)
      text = damagedText(random, text, { corpus, pieces: PIECES }).slice(0, 6000);
    return textCase(
      text,
      [0, 1, 2, 3].map(() => String(random.below(text.length + 1))),
    );
  },
  exercise: async (made) => {
    const text = textOf(made);
    const model = new TextModel(FILE, text);
    const loaded = await loadWorkspace(
      { cwd: "/w", env: { HOME: "/home" }, reservedNames },
      {
        readText: (path) => Promise.resolve(path === FILE ? { kind: "text", text } : { kind: "missing" }),
        glob: () => Promise.resolve([]),
      },
    );
    const known: EditorModel = {
      workspace: loaded.ok ? loaded.value.workspace : undefined,
      textOf: (path) => (path === FILE ? model : undefined),
      envNames: ["HOME"],
      languages: ["node"],
      tools: ["node"],
      lastRun: () => ({ isGood: true, ms: 5 }),
    };
    lookAt(known, model);
    const diagnostics = loaded.ok ? [] : loaded.error.diagnostics;
    for (const word of made.words)
      ask(known, { model, offset: Math.min(Number(word), text.length), diagnostics });
    return loaded.ok ? "accepted" : "broken";
  },
};

/** What is asked of a whole text. */
function lookAt(known: EditorModel, model: TextModel): void {
  const { text } = model;
  const inside = (what: string, spans: readonly Span[]): void => {
    for (const span of spans) holdInside(text, span, what);
  };
  const whole = { start: 0, end: text.length };
  inside("a fold", folds(model));
  inside(
    "a link",
    documentLinks(known, FILE).map(({ span }) => span),
  );
  inside(
    "a lens",
    lenses(known, FILE).map(({ span }) => span),
  );
  void inlayHints(known, FILE, whole);
  let at = 0;
  for (const { span } of semanticTokens(model)) {
    holdInside(text, span, "a token");
    hold(span.start >= at, "tokens that overlap");
    at = span.end;
  }
  const nest = (symbols: readonly DocumentSymbol[], around: Span): void => {
    for (const symbol of symbols) {
      holdInside(text, symbol.span, "a symbol");
      hold(
        symbol.nameSpan.start >= symbol.span.start && symbol.nameSpan.end <= symbol.span.end,
        "a symbol's name lies outside of it",
      );
      hold(
        symbol.span.start >= around.start && symbol.span.end <= around.end,
        "a symbol reaches out of its parent",
      );
      nest(symbol.children, symbol.span);
    }
  };
  nest(documentSymbols(model), whole);
}

interface Question {
  readonly model: TextModel;
  readonly offset: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is asked of one place. */
function ask(known: EditorModel, { model, offset, diagnostics }: Question): void {
  const { text } = model;
  const { line, character } = model.lines.positionAt(offset);
  const back = model.lines.offsetAt({ line, character });
  hold(
    back === offset || text.slice(back, offset) === "\r" || text[offset] === "\n",
    `offset ${offset} is ${back} again`,
  );
  for (const { span } of complete(known, FILE, offset).items) holdInside(text, span, "a completion");
  const hover = hoverAt(known, FILE, offset);
  if (hover !== undefined) holdInside(text, hover.span, "a hover");
  const symbol = symbolAt(known, FILE, offset);
  if (symbol !== undefined) holdInside(text, symbol.span, "a name");
  const renamed = renameAt(known, { file: FILE, offset }, "renamed");
  const range = { start: offset, end: Math.min(text.length, offset + 20) };
  const groups = [
    ...(renamed.ok ? [renamed.value] : []),
    ...codeActions(known, FILE, { range, diagnostics }).map(({ edits }) => edits),
  ];
  for (const edits of groups) {
    let end = 0;
    for (const { span } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
      holdInside(text, span, "an edit");
      hold(span.start >= end, "edits that overlap");
      end = span.end;
    }
  }
}
