import { textPieces, unknownPiece, type Piece, type Pieces } from "#core/migrate/pieces";
import { ShellPosition } from "#core/migrate/shell-position";
import { literalText } from "#core/migrate/zr-text";
import type { BodyLine, Parameter, Recipe } from "./justfile";

/** A backslash at the end of a line goes on with the next one, without its indentation. */
export function joinedLines(lines: readonly BodyLine[]): readonly BodyLine[] {
  const joined: { readonly line: number; text: string }[] = [];
  let isOpen = false;
  for (const { line, text } of lines) {
    const last = joined.at(-1);
    if (isOpen && last !== undefined) {
      // Between single quotes a shell would keep the backslash.
      const keeps = !last.text.includes("'");
      last.text = keeps ? `${last.text}\n${text.trimStart()}` : last.text.slice(0, -1) + text.trimStart();
    } else joined.push({ line, text });
    isOpen = /(?:^|[^\\])\\$/.test(text);
  }
  return joined;
}

/** `$1`, `${1…`, `$@`, `${@…`, `$#`, `${#}` and `${#@}`. */
const POSITIONAL = /\$(?:([1-9])|[@*#]|\{(?:([1-9])(?!\d)|[@*]|#[@*]?\}))/g;

/** What names a positional parameter of the shell; between single quotes, as in programs of awk, nothing does. */
function positionalUses(text: string, position: ShellPosition): readonly RegExpExecArray[] {
  let at = 0;
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(POSITIONAL)) {
    position.read(text.slice(at, match.index));
    at = match.index;
    if (position.quoting !== "single") found.push(match);
  }
  position.read(text.slice(at));
  return found;
}

/** Whether the body of a recipe names positional parameters of its shell. */
export const isPositional = (lines: readonly BodyLine[]): boolean =>
  lines.some(({ text }) => positionalUses(text, new ShellPosition()).length > 0);

/** Whether a recipe passes on everything that it gets, as what stands behind `--` is. */
export const takesAll = ({ parameters, body }: Recipe): boolean =>
  parameters.length === 1 && parameters[0]?.variadic !== undefined && isPositional(joinedLines(body));

/** The command of a shell that makes parameters positional ones. */
export const positionalCommand = (parameters: readonly Parameter[]): string =>
  [
    "set --",
    ...parameters.map(({ name, variadic }) => (variadic ? `\${${variableOf(name)}}` : `"\${args.${name}}"`)),
  ].join(" ");

const variableOf = (name: string): string => `ZR_ARG_${name.replaceAll("-", "_")}`;

/** `$1` and the like of a recipe whose parameters are positional ones of its shell. */
export function withPositional(pieces: Pieces, parameters: readonly Parameter[]): Pieces {
  const position = new ShellPosition();
  return pieces.flatMap((piece): Pieces => {
    if (piece.kind !== "text") return [piece];
    const found: Piece[] = [];
    let at = 0;
    for (const { 0: whole, 1: plain, 2: braced, index } of positionalUses(piece.text, position)) {
      const number = Number(plain ?? braced ?? 0);
      const parameter = parameters[number - 1];
      const isLost =
        number === 0 || parameters.slice(0, number).some(({ variadic }) => variadic !== undefined);
      if (parameter === undefined && !isLost) continue;
      found.push(...textPieces(piece.text.slice(at, index)));
      at = index + whole.length;
      if (isLost || parameter === undefined)
        found.push(unknownPiece(whole, "arguments are only positional ones of the shell behind --"));
      else if (braced === undefined || piece.text[at] === "}") {
        found.push({ kind: "param", name: parameter.name, isSplit: true });
        if (braced !== undefined) at += 1;
      } else found.push(...textPieces(`\${${variableOf(parameter.name)}`));
    }
    return [...found, ...textPieces(piece.text.slice(at))];
  });
}

/** A value as a string of the configuration that no shell reads; undefined where it can't be one. */
export function configText(pieces: Pieces): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind === "text") text += literalText(piece.text, text);
    else if (piece.kind === "name") text += literalText(piece.text, text);
    else if (piece.kind === "param") text += `\${args.${piece.name}}`;
    else return undefined;
  }
  return text;
}
