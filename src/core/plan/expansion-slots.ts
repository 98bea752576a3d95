import { quotedWord } from "#base/shell-word";
import type { TemplatePart } from "#core/expr/interpolate";
import type { Quoting } from "./shell-text";

/** What a value would be read as, put into a text whose variables zr expands. */
export type ExpansionSlot =
  | { readonly kind: "text" }
  /** Behind `$NAME`, which a value could make longer. */
  | { readonly kind: "name"; readonly name: string; readonly isInDefault: boolean }
  /** In `${NAME:-…}`, which a brace would end. */
  | { readonly kind: "default" }
  /** In `$(…)`, as part of a shell's text. */
  | { readonly kind: "command"; readonly quoting: CommandQuoting };

/** `unknown`: behind something that may have a way of quoting of its own. */
type CommandQuoting = Extract<Quoting, "plain" | "single" | "double"> | "unknown";

const TEXT: ExpansionSlot = { kind: "text" };
const DEFAULT: ExpansionSlot = { kind: "default" };

/**
 * For each part of a text, what stands at its beginning: the slot of a value where it is a reference. Reads `$NAME`,
 * `${NAME:-…}`, `$(…)` (where `commands` are run) and `$$` as the expansion of environment values does.
 */
export function expansionSlots(
  parts: readonly TemplatePart[],
  { commands }: { readonly commands: boolean },
): readonly ExpansionSlot[] {
  const scan = new SlotScan(commands);
  return parts.map((part) => {
    const slot = scan.slot;
    if (part.kind === "text") scan.read(part.value);
    else scan.pass();
    return slot;
  });
}

/** Text that no shell reads as anything else, in quotes or not. */
const HARMLESS = /^[\w./:@%+,-]*$/;

/** Backticks, here documents, comments, and what begins with a dollar and a bracket or quote. */
const OWN_QUOTING = /`|<<|#|\$[({'"]/;

/**
 * The text with a value behind it, so that the value is read as nothing but itself; undefined where there is no way to
 * write it. `isPosix` tells which shell runs commands.
 */
export function withValue(
  text: string,
  value: string,
  { slot, isPosix }: { readonly slot: ExpansionSlot; readonly isPosix: boolean },
): string | undefined {
  const literal = value.replaceAll("$", "$$$$");
  switch (slot.kind) {
    case "text":
      return text + literal;
    case "name":
      if (slot.isInDefault && value.includes("}")) return undefined;
      return `${text.slice(0, -slot.name.length)}{${slot.name}}${literal}`;
    case "default":
      return value.includes("}") ? undefined : text + literal;
    case "command": {
      if (HARMLESS.test(value) && (value !== "" || slot.quoting !== "plain")) return text + value;
      if (!isPosix || slot.quoting === "unknown") return undefined;
      const quoted = quotedWord(value);
      if (slot.quoting === "plain") return text + quoted;
      return slot.quoting === "double" ? `${text}"${quoted}"` : text + quoted.slice(1, -1);
    }
  }
}

const OPENING = /\$(?:\$|\{[A-Za-z_]\w*(\}|:?-)|(\()|([A-Za-z_]\w*))/y;

class SlotScan {
  slot: ExpansionSlot = TEXT;
  /** Defaults that are open. */
  #defaults = 0;
  /** Parentheses of a command that are open, 0 outside. */
  #depth = 0;
  #quote = "";
  /** The command so far. */
  #command = "";
  readonly #runsCommands: boolean;

  constructor(runsCommands: boolean) {
    this.#runsCommands = runsCommands;
  }

  /** A value stands here; what follows it belongs to no name. */
  pass(): void {
    if (this.slot.kind === "name") this.slot = this.#outside();
  }

  read(text: string): void {
    this.slot = this.#outside();
    for (let at = 0; at < text.length;)
      at = this.#depth > 0 ? this.#inCommand(text, at) : this.#step(text, at);
    if (this.slot.kind === "name") return;
    this.slot = this.#depth > 0 ? { kind: "command", quoting: this.#quoting() } : this.#outside();
  }

  #outside(): ExpansionSlot {
    if (this.#depth > 0) return this.slot;
    return this.#defaults > 0 ? DEFAULT : TEXT;
  }

  #quoting(): CommandQuoting {
    if (OWN_QUOTING.test(this.#command)) return "unknown";
    return this.#quote === "" ? "plain" : this.#quote === "'" ? "single" : "double";
  }

  #step(text: string, at: number): number {
    if (text[at] === "}" && this.#defaults > 0) {
      this.#defaults -= 1;
      return at + 1;
    }
    OPENING.lastIndex = at;
    const opening = OPENING.exec(text);
    if (opening === null) return at + 1;
    const [whole, brace, command, name] = opening;
    const end = at + whole.length;
    if (brace !== undefined && brace !== "}") this.#defaults += 1;
    else if (command !== undefined) this.#openCommand();
    else if (name !== undefined && end === text.length)
      this.slot = { kind: "name", name, isInDefault: this.#defaults > 0 };
    return end;
  }

  #openCommand(): void {
    if (!this.#runsCommands) return;
    this.#depth = 1;
    this.#command = "";
  }

  #inCommand(text: string, at: number): number {
    const char = text[at] ?? "";
    this.#command += char;
    if (char === "\\" && this.#quote !== "'") return at + 2;
    if (this.#quote !== "") {
      if (char === this.#quote) this.#quote = "";
    } else if (char === "'" || char === '"') this.#quote = char;
    else if (char === "(") this.#depth += 1;
    else if (char === ")") this.#depth -= 1;
    return at + 1;
  }
}
