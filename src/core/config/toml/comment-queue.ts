import type { AST } from "toml-eslint-parser";

/** A comment with its `#`, without blanks at its end. */
export interface PlacedComment {
  readonly text: string;
  readonly start: number;
}

/** The comments of a text in order, each handed out once. */
export class CommentQueue {
  readonly #text: string;
  readonly #comments: readonly PlacedComment[];
  #next = 0;

  constructor(text: string, comments: readonly AST.Comment[]) {
    this.#text = text;
    this.#comments = comments.map(({ range }) => ({ start: range[0], text: text.slice(...range).trimEnd() }));
  }

  /** Whether a comment that is still here stands before an offset. */
  hasBefore(offset: number): boolean {
    return (this.#comments[this.#next]?.start ?? Infinity) < offset;
  }

  /** Takes the comments before an offset. */
  before(offset: number): readonly PlacedComment[] {
    const from = this.#next;
    while (this.hasBefore(offset)) this.#next += 1;
    return this.#comments.slice(from, this.#next);
  }

  /** Takes the next comment if only blanks or a comma stand between an offset and it. */
  onLineAfter(offset: number): PlacedComment | undefined {
    const comment = this.#comments[this.#next];
    if (comment === undefined || !/^[ \t,]*$/.test(this.#text.slice(offset, comment.start))) return undefined;
    this.#next += 1;
    return comment;
  }
}
