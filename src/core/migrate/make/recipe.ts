import type { RecipeLine } from "./makefile";
import { splitArguments } from "./references";
import { constantOf, type Piece, type Pieces } from "#core/migrate/pieces";

/** A command of a recipe, expanded. */
export interface RecipeCommand {
  readonly line: number;
  /** As the Makefile has it. */
  readonly source: string;
  readonly pieces: Pieces;
  /** `-`: go on when it fails. */
  readonly isIgnored: boolean;
}

/** The commands of a recipe's lines: what a line expands to may be several (GNU make manual, "Recipe Syntax"). */
export function recipeCommands(
  lines: readonly RecipeLine[],
  expand: (text: string) => Pieces,
): readonly RecipeCommand[] {
  return lines.flatMap(({ line, text }) =>
    splitLines(expandLine(text, expand)).flatMap((pieces): readonly RecipeCommand[] => {
      const { rest, signs } = withoutSigns(pieces);
      if (rest.length === 0) return [];
      return [{ line, source: text, pieces: rest, isIgnored: signs.includes("-") }];
    }),
  );
}

/** A line that only says, stops or chooses becomes a command that does so. */
function expandLine(text: string, expand: (text: string) => Pieces): Pieces {
  const match = /^[\s@+-]*\$[({](info|warning|error|if)\s+([^]*)[)}]\s*$/.exec(text);
  const [, name = "", inner = ""] = match ?? [];
  if (match === null || !isBalanced(inner)) return expand(text);
  const plain = (value: string): Piece => ({ kind: "text", text: value });
  if (name !== "if") {
    const said = expand(inner).map((piece): Piece =>
      piece.kind === "text" || piece.kind === "name"
        ? plain(piece.text.replaceAll(/["\\`$]/g, "\\$&"))
        : piece,
    );
    return [
      plain('echo "'),
      ...said,
      plain(name === "info" ? '"' : name === "warning" ? '" >&2' : '" >&2; exit 1'),
    ];
  }
  const [condition = "", yes = "", no = ""] = splitArguments(inner);
  const tested = expand(condition.trim());
  if (constantOf(tested) !== undefined || /\$[({]error/.test(yes + no))
    return expandError(text, { tested, yes, no }, expand);
  const branch = (value: string): Pieces =>
    value.trim() === "" ? [plain(":")] : withoutSigns(expandLine(value.trim(), expand)).rest;
  return [
    plain('if [ -n "'),
    ...tested,
    plain('" ]; then '),
    ...branch(yes),
    plain("; else "),
    ...branch(no),
    plain("; fi"),
  ];
}

interface Choice {
  readonly tested: Pieces;
  readonly yes: string;
  readonly no: string;
}

/** `$(if $(X),,$(error …))`: a test that ends the recipe. */
function expandError(text: string, { tested, yes, no }: Choice, expand: (text: string) => Pieces): Pieces {
  if (constantOf(tested) !== undefined || tested.some(({ kind }) => kind === "unknown")) return expand(text);
  const branch = (value: string): Pieces =>
    value.trim() === "" ? [{ kind: "text", text: ":" }] : expandLine(value.trim(), expand);
  return [
    { kind: "text", text: 'if [ -n "' },
    ...tested,
    { kind: "text", text: '" ]; then ' },
    ...branch(yes),
    { kind: "text", text: "; else " },
    ...branch(no),
    { kind: "text", text: "; fi" },
  ];
}

/** Whether parentheses close no more than they open, so that the last one of a line is that of its function. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === "(" || char === "{") depth += 1;
    else if (char === ")" || char === "}") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Line breaks that no backslash continues separate commands. */
function splitLines(pieces: Pieces): readonly Pieces[] {
  const lines: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== "text") {
      lines.at(-1)?.push(piece);
      continue;
    }
    const [first = "", ...others] = piece.text.split(/(?<!\\)\n/);
    if (first !== "") lines.at(-1)?.push({ kind: "text", text: first });
    for (const text of others) lines.push(text === "" ? [] : [{ kind: "text", text }]);
  }
  return lines;
}

/** Takes blanks and the signs `@`, `-`, `+` off the start. */
function withoutSigns(pieces: Pieces): { readonly rest: Pieces; readonly signs: string } {
  let signs = "";
  const rest = [...pieces];
  for (;;) {
    const [first] = rest;
    if (first?.kind === "run" && first.isSign === true) {
      signs += "@";
      rest.shift();
      continue;
    }
    if (first === undefined || (first.kind !== "text" && first.kind !== "name")) break;
    const start = /^[\s@+-]*/.exec(first.text)?.[0] ?? "";
    if (start === "" && first.text !== "") break;
    signs += start;
    const text = first.text.slice(start.length);
    if (text !== "") {
      rest[0] = { kind: "text", text };
      break;
    }
    rest.shift();
  }
  return { rest: trimmedEnd(rest), signs };
}

function trimmedEnd(pieces: readonly Piece[]): Pieces {
  const last = pieces.at(-1);
  if (last?.kind !== "text") return pieces;
  const text = last.text.trimEnd();
  return text === "" ? trimmedEnd(pieces.slice(0, -1)) : [...pieces.slice(0, -1), { kind: "text", text }];
}
