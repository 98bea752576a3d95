import { ShellPosition, type ShellQuoting } from "./shell-position";
import { literalText } from "./zr-text";

/**
 * A part of a text that make would expand. `text`: known. `name`: the known value of a variable that has a name of its
 * own. `default`: a variable of the environment, with what stands for it where it is not set. `once`: what a command
 * prints, run once. `run`: what a command prints. `folder`: the folder of the file. `stem`: what `%` stands for. `param`: a
 * parameter, as one word or as the words that it has. `arguments`: what stands behind `--`.
 * `unknown`: nothing that can be expressed.
 */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "name"; readonly name: string; readonly text: string }
  | {
      readonly kind: "default";
      readonly name: string;
      readonly fallback: Pieces;
      readonly isRequired?: boolean;
      /** The default stands for an empty value too. */
      readonly isForEmpty?: boolean;
    }
  | {
      readonly kind: "once";
      /** A name for the environment. */
      readonly name: string;
      /** What the source calls it, where that is no name for the environment. */
      readonly variable?: string;
      readonly command: Pieces;
    }
  | {
      readonly kind: "run";
      readonly command: Pieces;
      /** What it prints where nothing is set, where that is known. */
      readonly usual?: string;
      /** It is `@` or nothing: at the beginning of a recipe's line, whether make says the command. */
      readonly isSign?: boolean;
    }
  | { readonly kind: "folder" }
  | {
      readonly kind: "stem";
      /** Which of the stars it stands for; the first one where that is not said. */
      readonly index?: number;
    }
  | {
      readonly kind: "param";
      readonly name: string;
      readonly isSplit: boolean;
      /** It takes any number of words, and so is an array to an expression of ours. */
      readonly isList?: boolean;
    }
  | { readonly kind: "arguments" }
  | { readonly kind: "unknown"; readonly what: string; readonly why: string };

export type Pieces = readonly Piece[];

export const textPieces = (text: string): Pieces => (text === "" ? [] : [{ kind: "text", text }]);

/** Something that can't be expressed; long source text is cut. */
export const unknownPiece = (what: string, why: string): Piece => ({
  kind: "unknown",
  what: what.length > 80 ? `${what.slice(0, 79)}…` : what,
  why,
});

/** The value where it does not depend on anything outside of the Makefile. */
export function constantOf(pieces: Pieces): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind !== "text" && piece.kind !== "name") return undefined;
    text += piece.text;
  }
  return text;
}

/** The value where nothing of the outside is set. */
export function defaultOf(pieces: Pieces): string | undefined {
  let text = "";
  for (const piece of pieces) {
    const value =
      piece.kind === "text" || piece.kind === "name"
        ? piece.text
        : piece.kind === "default"
          ? defaultOf(piece.fallback)
          : piece.kind === "run"
            ? piece.usual
            : undefined;
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

/** A command that prints words; `echo` would take `-n` at their beginning for its own. */
export const printing = (words: Pieces): Pieces => {
  const [first] = words;
  return first?.kind === "text" && /^\s*-[neE]+(?:\s|$)/.test(first.text)
    ? [...textPieces('printf %s "'), ...words, ...textPieces('"')]
    : [...textPieces("echo "), ...words];
};

const MAX_PIECES = 5000;
const MAX_LENGTH = 200_000;

/** What is longer than any command is refused, so that names that double each other can't fill the memory. */
export function limited(pieces: Pieces): Pieces {
  let length = pieces.length > MAX_PIECES ? MAX_LENGTH + 1 : 0;
  for (const piece of pieces.length > MAX_PIECES ? [] : pieces)
    if (piece.kind === "text" || piece.kind === "name") length += piece.text.length;
  return length > MAX_LENGTH ? [{ kind: "unknown", what: "a value", why: "it is too long" }] : pieces;
}

export const unknownIn = (pieces: Pieces): Extract<Piece, { kind: "unknown" }> | undefined => {
  for (const piece of pieces) {
    if (piece.kind === "unknown") return piece;
    const inner =
      piece.kind === "default"
        ? unknownIn(piece.fallback)
        : piece.kind === "run" || piece.kind === "once"
          ? unknownIn(piece.command)
          : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
};

/** What rendering has used, for the sections of the result. */
export interface Uses {
  readonly vars: Map<string, string>;
  readonly once: Map<string, string>;
  /** Variables of the environment whose defaults can't stand in a shell's `${…}`, so that the default is all there is. */
  readonly fixed: Set<string>;
  /** Names whose values are written out somewhere, where no reference can stand. */
  readonly written: Set<string>;
}

export const newUses = (): Uses => ({
  vars: new Map(),
  once: new Map(),
  fixed: new Set(),
  written: new Set(),
});

/** Makes every value be written out. */
export const EVERY_NAME: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

export interface RenderOptions {
  readonly uses: Uses;
  /** Names of variables whose values are written out. */
  readonly inline: ReadonlySet<string>;
}

/** The text for a shell, with references in the form that the quotes around them ask for. */
export function renderShell(pieces: Pieces, options: RenderOptions): string {
  const position = new ShellPosition();
  let result = "";
  for (const given of pieces) {
    const piece = withPlainDefault(given, options.uses);
    if (piece.kind === "text") {
      result += literalText(piece.text, result);
      position.read(piece.text);
      continue;
    }
    // After a dollar sign, `${` would be read as an escape.
    const isWritten = result.endsWith("$") || (piece.kind === "name" && isTaken(piece, options));
    if (piece.kind === "name" && (isWritten || /['"\\`]|\$\(/.test(piece.text))) {
      options.uses.written.add(piece.name);
      result += literalText(piece.text, result);
      position.read(piece.text);
      continue;
    }
    if (piece.kind === "name") {
      options.uses.vars.set(piece.name, piece.text);
      position.read(piece.text);
    }
    const reference = referenceOf(piece, options, position.quoting);
    // Our own references know the quotes around them; those of the shell are nothing between single ones.
    const isOurs =
      piece.kind === "name" ||
      piece.kind === "folder" ||
      piece.kind === "stem" ||
      (piece.kind === "param" && !piece.isSplit);
    result += position.quoting === "single" && !isOurs ? `'"${reference.replace('"$@"', "$*")}"'` : reference;
  }
  return result;
}

/** Variables that programs act on, so that they are not exported under their own names. */
const INFLUENTIAL =
  /FLAGS$|^(?:GO|CGO_|CARGO_|RUST|NODE_|NPM_|PYTHON|PIP_|JAVA|DOCKER_|COMPOSE_|GIT_|LC_|LD_|MAKE|XDG_)|^(?:CC|CXX|CPP|LD|AR|AS|PATH|HOME|SHELL|USER|LANG|TMPDIR|EDITOR|PAGER|CI|DEBUG|TERM|PWD|LIBS)$/;

/** A default that a shell would not read as it stands is taken for the value. */
function withPlainDefault(piece: Piece, uses: Uses): Piece {
  if (piece.kind !== "default") return piece;
  const fallback = constantOf(piece.fallback);
  if (fallback === undefined || /^(?:\$PWD|[\w@%+:,./= ~*?[\]^!#-])*$/.test(fallback)) return piece;
  uses.fixed.add(piece.name);
  return { kind: "name", name: piece.name, text: fallback };
}

/** Whether a name stands for something else in what was written before, or for several things. */
const isTaken = (
  { name, text }: { readonly name: string; readonly text: string },
  { uses, inline }: RenderOptions,
): boolean => inline.has(name) || (uses.vars.has(name) && uses.vars.get(name) !== text);

function referenceOf(
  piece: Exclude<Piece, { kind: "text" }>,
  options: RenderOptions,
  quoting: ShellQuoting,
): string {
  switch (piece.kind) {
    case "name":
      return `\${vars.${piece.name}}`;
    case "default":
      if (piece.isRequired === true) return `\${${piece.name}?}`;
      return `\${${piece.name}${piece.isForEmpty === true ? ":" : ""}-${renderShell(piece.fallback, options)}}`;
    case "once": {
      const command = renderCommand(piece.command, options);
      if (options.inline.has(piece.name)) return `$(${command})`;
      const name = INFLUENTIAL.test(piece.name) ? `MAKE_${piece.name}` : piece.name;
      const free = freeName(name, command, options.uses.once);
      options.uses.once.set(free, command);
      return `\${${free}}`;
    }
    case "run":
      return `$(${renderShell(piece.command, options)})`;
    case "arguments":
      return quoting === "double" ? "$*" : '"$@"';
    case "folder":
      return "${package.dir}";
    case "stem":
      return `\${match.${piece.index ?? 0}}`;
    case "param":
      return piece.isSplit ? `\${ZR_ARG_${piece.name.replaceAll("-", "_")}}` : `\${args.${piece.name}}`;
    case "unknown":
      return "";
  }
}

/** The name itself, or one with a number where other commands have it. */
function freeName(name: string, command: string, taken: ReadonlyMap<string, string>): string {
  let free = name;
  for (let count = 2; (taken.get(free) ?? command) !== command; count += 1) free = `${name}_${count}`;
  return free;
}

/** A command for `[env]`, where our own references are not read: the folder is where such a command runs. */
export function renderCommand(pieces: Pieces, options: RenderOptions): string {
  for (const piece of pieces) if (piece.kind === "name") options.uses.written.add(piece.name);
  return renderShell(pieces.map(forCommand), options);
}

function forCommand(piece: Piece): Piece {
  switch (piece.kind) {
    case "run":
    case "once":
      return { kind: "run", command: piece.command.map(forCommand) };
    case "default":
      return { ...piece, fallback: piece.fallback.map(forCommand) };
    case "name":
      return { kind: "text", text: piece.text };
    case "folder":
      return { kind: "text", text: "$PWD" };
    default:
      return piece;
  }
}
