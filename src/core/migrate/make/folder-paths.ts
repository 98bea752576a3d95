import { textPieces, unknownPiece, type Pieces } from "#core/migrate/pieces";

const MARK = "/\u0001";

/** A function of a path below the folder of the Makefile. */
export function folderFunction(name: string, pieces: Pieces, change: (text: string) => string): Pieces {
  const text = pieces
    .map((piece) =>
      piece.kind === "folder" ? MARK : piece.kind === "text" || piece.kind === "name" ? piece.text : "",
    )
    .join("");
  if (name === "notdir" && text === MARK)
    return [unknownPiece("the name of the folder", "it is only known when it runs")];
  if (name === "dir" && text === MARK) return [{ kind: "folder" }, { kind: "text", text: "/../" }];
  return change(text)
    .split(MARK)
    .flatMap((part, index) => [...(index === 0 ? [] : [{ kind: "folder" } as const]), ...textPieces(part)]);
}
