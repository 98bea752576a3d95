import { textPieces, type Piece, type Pieces } from "#core/migrate/pieces";
import { literalText } from "#core/migrate/zr-text";
import type { BodyLine, Parameter } from "./justfile";

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

/** `$1` and `"$@"` of a recipe whose parameters are positional ones of its shell. */
export function withPositional(
  pieces: Pieces,
  parameters: readonly Parameter[],
): { readonly pieces: Pieces; readonly takesAll: boolean } {
  let takesAll = false;
  const replaced = pieces.flatMap((piece): Pieces => {
    if (piece.kind !== "text") return [piece];
    const found: Piece[] = [];
    let at = 0;
    for (const match of piece.text.matchAll(/\$(?:\{?([1-9])\}?|([@*#]))/g)) {
      const parameter = match[1] === undefined ? undefined : parameters[Number(match[1]) - 1];
      if (match[1] !== undefined && parameter?.variadic === undefined && parameter !== undefined) {
        found.push(...textPieces(piece.text.slice(at, match.index)), {
          kind: "param",
          name: parameter.name,
          isSplit: true,
        });
        at = match.index + match[0].length;
      } else if (match[2] !== undefined) {
        if (parameters.length === 1 && parameters[0]?.variadic !== undefined) takesAll = true;
        else
          found.push({
            kind: "unknown",
            what: match[0],
            why: "arguments are only positional ones of the shell behind --",
          });
      }
    }
    return [...found, ...textPieces(piece.text.slice(at))];
  });
  return { pieces: replaced, takesAll };
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
