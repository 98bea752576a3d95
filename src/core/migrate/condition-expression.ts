import {
  constantOf,
  EVERY_NAME,
  newUses,
  renderCommand,
  renderShell,
  unknownIn,
  type Piece,
  type Pieces,
} from "./pieces";
import { quoteForExpression } from "./zr-text";

/** An expression of ours for a value that only the outside knows; undefined where there is none. */
export function expressionFor(pieces: Pieces): string | undefined {
  const [only, ...others] = pieces;
  const one = others.length === 0 ? only : undefined;
  if (one?.kind === "default" && one.isRequired !== true) {
    const fallback = constantOf(one.fallback);
    if (fallback !== undefined) return `env.get('${one.name}', ${quoteForExpression(fallback)})`;
  }
  if (one?.kind === "param" && one.isList !== true) return `args.${one.name}`;
  if (one?.kind === "run" || one?.kind === "once") {
    const command = constantOf(one.command);
    if (command !== undefined) return `shell(${quoteForExpression(command)})`;
  }
  return commandExpression(pieces);
}

/** What a command prints. */
function commandExpression(pieces: Pieces): string | undefined {
  const [only, ...others] = pieces;
  const isOfTask = pieces.some(({ kind }) => kind === "param" || kind === "arguments" || kind === "stem");
  if (isOfTask || unknownIn(pieces) !== undefined) return undefined;
  if (others.length === 0 && (only?.kind === "run" || only?.kind === "once")) {
    const command = renderCommand(only.command, { uses: newUses(), inline: EVERY_NAME });
    return command.includes("\n") ? undefined : `shell(${quoteForExpression(command)})`;
  }
  const written = renderShell(
    pieces.map((piece): Piece => (piece.kind === "folder" ? { kind: "text", text: "$PWD" } : piece)),
    { uses: newUses(), inline: EVERY_NAME },
  );
  return /[\n']/.test(written) ? undefined : `shell(${quoteForExpression(`echo ${written}`)})`;
}
