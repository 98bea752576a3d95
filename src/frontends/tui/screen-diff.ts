/** Between these a terminal that knows them shows nothing, so that no half of a picture is seen (mode 2026). */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/** What stands on the screen, a text for each row, and how to make other texts of it with as little as possible. */
export class ScreenDiff {
  #shown: readonly string[] = [];

  /** What to write for these rows to stand there; empty where they do. */
  next(rows: readonly string[]): string {
    let text = "";
    for (const [index, row] of rows.entries()) {
      // Moves to the row, empties it and writes it (ECMA-48: CUP, EL).
      if (row !== this.#shown[index]) text += `\x1b[${index + 1};1H\x1b[2K${row}`;
    }
    this.#shown = rows;
    return text === "" ? "" : BEGIN + text + END;
  }

  /** Nothing is known of what stands there any more. */
  forget(): void {
    this.#shown = [];
  }
}
