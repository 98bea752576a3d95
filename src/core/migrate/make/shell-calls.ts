import { constantOf, defaultOf, textPieces, unknownIn, type Pieces } from "#core/migrate/pieces";

const UNAME = /^uname(?:\s+-s)?(?:\s+2>\s*(?:\/dev\/null|&1))?(?:\s*\|\|\s*echo\s+['"]?[\w ]+['"]?)?$/;
const LOWER_UNAME =
  /^uname(?:\s+-s)?\s*\|\s*tr\s+(?:'?\[?A-Z\]?'?|'?"?\[:upper:\]"?'?)\s+(?:'?\[?a-z\]?'?|'?"?\[:lower:\]"?'?)$/;
/** Ways to ask for the folder; `\u0001` stands for it. */
const FOLDER =
  /^\s*(?:pwd|dirname\s+"?\u0001\/[\w.-]+"?|cd\s+"?\u0001\/?\.?"?\s*(?:&&|;)\s*pwd(?: -P)?|cd "?\.\/?"?\s*(?:&&|;)\s*pwd(?: -P)?|realpath\s+\.)\s*$/;

/** Go's names of systems are those that Makefiles are read for. */
const GO_SYSTEM = /^(?:\S*\/)?go\s+env\s+GO(?:HOST)?OS$/;

const KERNELS: Readonly<Record<string, string>> = {
  linux: "Linux",
  darwin: "Darwin",
  windows: "MINGW64_NT",
};

/** `$(shell …)`: a command that runs, unless it only asks for the system or the folder. */
export function shellFunction(command: Pieces, system: () => string): Pieces {
  const text = constantOf(command)?.trim() ?? "";
  if (UNAME.test(text)) return textPieces(KERNELS[system()] ?? "Linux");
  if (LOWER_UNAME.test(text)) return textPieces((KERNELS[system()] ?? "Linux").toLowerCase());
  if (FOLDER.test(marked(command))) return [{ kind: "folder" }];
  const failed = unknownIn(command);
  return failed === undefined ? [{ kind: "run", command }] : [failed];
}

/** The pieces with the system that they are read for, where a command asks Go for it. */
export function withSystem(pieces: Pieces, system: () => string): Pieces {
  return pieces.flatMap((piece): Pieces => {
    if (piece.kind === "default") return [{ ...piece, fallback: withSystem(piece.fallback, system) }];
    const isAsked =
      (piece.kind === "run" || piece.kind === "once") &&
      GO_SYSTEM.test((defaultOf(piece.command) ?? "").trim());
    return isAsked ? textPieces(system()) : [piece];
  });
}

const marked = (command: Pieces): string =>
  command
    .map((piece) =>
      piece.kind === "folder"
        ? "\u0001"
        : piece.kind === "text" || piece.kind === "name"
          ? piece.text
          : "\u0002",
    )
    .join("");
