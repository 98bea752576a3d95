import type { AST } from "toml-eslint-parser";
import type { Diagnostic, DiagnosticData, KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { TomlDiagnosticCode } from "./codes";
import { openDocument } from "./locate";
import { readLinear } from "./read-linear";
import type { ReadFailure } from "./read-failure";
import { syntaxTree } from "./syntax-tree";

interface Source {
  readonly file: string;
  readonly text: string;
}

/** The diagnostic for a text that `readValues` refused, with the place of the problem. */
export function syntaxDiagnostic(source: Source, failure: ReadFailure): Diagnostic {
  switch (failure.kind) {
    case "too-large":
      return diagnostic(source, {
        code: "E103",
        span: { start: 0, end: 0 },
        data: { length: failure.length, limit: failure.limit },
      });
    case "too-deep":
      return diagnostic(source, {
        code: "E104",
        span: around(source.text, stopOffset(source.text) ?? 0),
        data: {
          limit: failure.limit,
        },
      });
    case "encoding":
      return notText(source, source.text.search(/[\0\ufffd]/));
    case "syntax":
      return brokenText(source, failure);
  }
}

function brokenText(source: Source, failure: ReadFailure & { readonly kind: "syntax" }): Diagnostic {
  const { text } = source;
  const nul = text.indexOf("\0");
  if (nul !== -1) return notText(source, nul);
  const tree = syntaxTree(text);
  if (!tree.ok) {
    // In a comment or a string the character may have been meant.
    if (text.charAt(tree.error.offset) === "\ufffd") return notText(source, tree.error.offset);
    const repeated = /multiple times/.test(tree.error.reason)
      ? repeatedKey(source, tree.error.offset)
      : undefined;
    return (
      repeated ??
      diagnostic(source, {
        code: "E100",
        span: around(text, tree.error.offset),
        data: { reason: plain(failure.reason) },
      })
    );
  }
  const number = largeInteger(text, tree.value);
  if (number !== undefined) {
    return diagnostic(source, {
      code: "E105",
      span: number,
      data: { number: text.slice(number.start, number.end) },
    });
  }
  const loneReturn = text.search(/\r(?!\n)/);
  const offset = loneReturn === -1 ? (failure.offset ?? stopOffset(text) ?? 0) : loneReturn;
  return diagnostic(source, {
    code: "E100",
    span: around(text, offset),
    data: { reason: plain(failure.reason) },
  });
}

const notText = (source: Source, at: number): Diagnostic =>
  diagnostic(source, { code: "E102", span: { start: Math.max(0, at), end: at + 1 }, data: {} });

/** Where our own reader stops. */
function stopOffset(text: string): number | undefined {
  const outcome = readLinear(text);
  return !outcome.ok && "offset" in outcome.error ? outcome.error.offset : undefined;
}

interface Found {
  readonly code: TomlDiagnosticCode;
  readonly span: Span;
  readonly data: DiagnosticData;
}

function diagnostic(source: Source, { code, span, data }: Found): Diagnostic {
  return { code, severity: "error", data, place: { file: source.file, span } };
}

const plain = (reason: string): string => reason.charAt(0).toLowerCase() + reason.slice(1);

/** The word at an offset, or one character; at the end of a line or of the text, the last character before it. */
function around(text: string, offset: number): Span {
  const at = Math.min(offset, text.length);
  const word = /^[\w-]+/.exec(text.slice(at, at + 80));
  if (word !== null) return { start: at, end: at + word[0].length };
  if (at < text.length && !/[\r\n]/.test(text.charAt(at))) return { start: at, end: at + 1 };
  const before = text.slice(0, at).trimEnd().length;
  return { start: Math.max(0, before - 1), end: Math.max(before, Math.min(1, text.length)) };
}

/** Reads the line of a repeated definition and what stands before it, to name the key and show the first definition. */
function repeatedKey(source: Source, offset: number): Diagnostic | undefined {
  const { text } = source;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
  const before = openDocument(text.slice(0, start));
  if (!before.ok) return repeatedPart(source, offset);
  const isHeader = line.trimStart().startsWith("[");
  const key = isHeader ? line : /^(?:"(?:\\.|[^"\\])*"|'[^']*'|[^='"])*/.exec(line)?.[0];
  const parsed = syntaxTree(isHeader ? `${key}` : `${key} = 0`);
  const entry = parsed.ok ? parsed.value.body[0].body[0] : undefined;
  if (entry === undefined || offset >= start + entry.key.range[1]) return repeatedPart(source, offset);
  const parts = entry.key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
  const path: KeyPath = isHeader ? parts : [...before.value.lastTable, ...parts];
  const span = { start: start + entry.key.range[0], end: start + entry.key.range[1] };
  const first = before.value.spanOf(path, "key");
  const repeated = diagnostic(source, { code: "E101", span, data: { key: parts.join(".") } });
  if (first === undefined) return repeated;
  return {
    ...repeated,
    related: [{ place: { file: source.file, path, span: first }, message: "first defined here" }],
  };
}

const keyPart = /[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'/y;

/** The key that stands at an offset inside of an inline table. */
function repeatedPart(source: Source, offset: number): Diagnostic | undefined {
  keyPart.lastIndex = offset;
  const written = keyPart.exec(source.text)?.[0];
  const parsed = written === undefined ? undefined : readLinear(`${written} = 0`);
  const key = parsed?.ok === true ? Object.keys(parsed.value)[0] : undefined;
  if (written === undefined || key === undefined) return undefined;
  const span = { start: offset, end: offset + written.length };
  return diagnostic(source, { code: "E101", span, data: { key } });
}

function largeInteger(text: string, tree: AST.TOMLProgram): Span | undefined {
  const token = tree.tokens.find((each) => each.type === "Integer" && !Number.isSafeInteger(each.number));
  if (token === undefined) return undefined;
  const [start, end] = token.range;
  return /^[+-]?\d/.test(text.slice(start, end)) ? { start, end } : undefined;
}
