import type { EnvTable } from "#core/config/schema/sections";
import { constantOf, EVERY_NAME, newUses, renderCommand, unknownIn, type Piece, type Pieces } from "./pieces";

type EnvValue = EnvTable[string];

/** A value of `env`: text where zr can fill it in, else a command that prints it; undefined where it can't be expressed. */
export function envValue(pieces: Pieces): EnvValue | undefined {
  const isOfTask = pieces.some(({ kind }) => kind === "param" || kind === "stem" || kind === "arguments");
  if (isOfTask || unknownIn(pieces) !== undefined) return undefined;
  const parts = pieces.map(templatePart);
  if (parts.every((part) => part !== undefined)) return parts.join("");
  const options = { uses: newUses(), inline: EVERY_NAME };
  const [only, ...others] = pieces;
  if (others.length === 0 && (only?.kind === "run" || only?.kind === "once"))
    return { cmd: renderCommand(only.command, options) };
  return { cmd: `printf %s "${renderCommand(pieces, options)}"` };
}

/** A piece as a part of a text that zr expands; undefined where it needs a shell. */
function templatePart(piece: Piece): string | undefined {
  switch (piece.kind) {
    case "text":
      // References of the shell that stand in the source's own text.
      return /\$\{\w+:\+/.test(piece.text) ? undefined : piece.text.replaceAll("$", () => "$$");
    case "name":
      return piece.text.replaceAll("$", () => "$$");
    case "default": {
      const fallback = constantOf(piece.fallback);
      if (fallback === undefined || !/^[\w@%+:,./= ~*?-]*$/.test(fallback) || piece.isRequired === true)
        return undefined;
      return `\${${piece.name}${piece.isForEmpty === true ? ":" : ""}-${fallback}}`;
    }
    default:
      return undefined;
  }
}
