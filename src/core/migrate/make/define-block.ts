const OPENING = /^(?:(override|export)\s+)?define\s+(\S+)\s*(\+?:{0,3}\??=)?\s*$/;

/** What a closed block assigns. */
export interface DefinedText {
  /** Before expansion. */
  readonly name: string;
  readonly operator: "=" | ":=" | "+=";
  readonly value: string;
  readonly isExported: boolean;
}

/** `define NAME` to its `endef`: lines that are a variable's value as they stand (GNU make manual, "Multi-Line"). */
export class DefineBlock {
  readonly #head: Omit<DefinedText, "value">;
  readonly #lines: string[] = [];
  /** Blocks within the value that are open. */
  #depth = 0;

  private constructor(head: Omit<DefinedText, "value">) {
    this.#head = head;
  }

  /** The block that a line opens; undefined where it opens none. */
  static openedBy(line: string): DefineBlock | undefined {
    const found = OPENING.exec(line);
    if (found === null) return undefined;
    const [, modifier, name = "", sign = "="] = found;
    const plain = sign.replace(/^::+=/, ":=");
    const operator = plain === ":=" || plain === "+=" ? plain : "=";
    return new DefineBlock({ name, operator, isExported: modifier === "export" });
  }

  /** The name as it is written. */
  get written(): string {
    return this.#head.name;
  }

  /** Takes the next line. @returns what the block assigns where that was its last one. */
  take(line: string): DefinedText | undefined {
    const word = line.trim();
    const isEnd = /^endef\b/.test(word);
    if (isEnd && this.#depth === 0) return { ...this.#head, value: this.#lines.join("\n") };
    if (isEnd) this.#depth -= 1;
    if (/^define\b/.test(word)) this.#depth += 1;
    this.#lines.push(line);
    return undefined;
  }
}
