import { defaultOf, textPieces, unknownIn, type Piece, type Pieces } from "#core/migrate/pieces";
import { FOLDER_MARK } from "./reader-text";

/** The first code point of a plane for private use, where no font has its signs. */
const FIRST = 0x10_0000;
const MARKS = /[\u{100000}-\u{10FFFD}]/u;
const ANY_MARK = /[\u0001\u{100000}-\u{10FFFD}]/u;

/**
 * Names of targets and prerequisites as texts, in which a sign stands for each part that only a command knows, such as
 * `$(GOBIN)/tool`. The same part gets the same sign, so that a prerequisite finds its target by comparing texts.
 */
export class NameMarks {
  readonly #pieces: Piece[] = [];
  readonly #marks = new Map<string, string>();

  /** The text of names; undefined where a part of them can't be expressed. */
  textOf(pieces: Pieces): string | undefined {
    let text = "";
    for (const piece of pieces) {
      const part = this.#partOf(piece);
      if (part === undefined) return undefined;
      text += part;
    }
    return text.replaceAll(/(^|\s)(?:\.\/)+(?=\S)/g, "$1");
  }

  /** Whether a part of the name is only known when it runs. */
  isOpen(word: string): boolean {
    return MARKS.test(word);
  }

  /** Whether it is one name for certain: what a command prints alone may be a list. */
  isName(word: string): boolean {
    return this.piecesOf(word).some((piece) => piece.kind === "text" || isMixed(piece));
  }

  /** What a name stands for. */
  piecesOf(name: string): Pieces {
    if (!ANY_MARK.test(name)) return textPieces(name);
    const result: Piece[] = [];
    let plain = "";
    for (const sign of name) {
      const piece: Piece | undefined =
        sign === FOLDER_MARK ? { kind: "folder" } : this.#pieces[(sign.codePointAt(0) ?? 0) - FIRST];
      if (piece === undefined) {
        plain += sign;
        continue;
      }
      result.push(...textPieces(plain), piece);
      plain = "";
    }
    return [...result, ...textPieces(plain)];
  }

  /** The name as a person reads it: variables by their names. */
  shown(name: string): string {
    if (!MARKS.test(name)) return name;
    return this.piecesOf(name)
      .map((piece) =>
        piece.kind === "text"
          ? piece.text
          : piece.kind === "folder"
            ? FOLDER_MARK
            : piece.kind === "once"
              ? piece.name
              : "run",
      )
      .join("");
  }

  #partOf(piece: Piece): string | undefined {
    if (piece.kind === "folder") return FOLDER_MARK;
    if (piece.kind === "default") return this.textOf(piece.fallback);
    const isCommand = piece.kind === "once" || (piece.kind === "run" && piece.usual === undefined);
    if (!isCommand) return defaultOf([piece]);
    return unknownIn([piece]) === undefined ? this.#markOf(piece) : undefined;
  }

  #markOf(piece: Piece): string {
    const key = JSON.stringify(piece);
    const known = this.#marks.get(key);
    if (known !== undefined) return known;
    const mark = String.fromCodePoint(FIRST + this.#pieces.length);
    this.#pieces.push(piece);
    this.#marks.set(key, mark);
    return mark;
  }
}

/** Whether a command prints a text around what others print, such as `printf %s "$(…)/tool"`. */
const isMixed = (piece: Piece): boolean =>
  piece.kind === "once" &&
  piece.command[0]?.kind === "text" &&
  piece.command[0].text.startsWith('printf %s "') &&
  piece.command.some(
    (part, index) => part.kind === "text" && /[^"\s]/.test(index === 0 ? part.text.slice(11) : part.text),
  );
