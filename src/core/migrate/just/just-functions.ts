import { textPieces, type Pieces } from "#core/migrate/pieces";
import { shellWord } from "#base/shell-word";

/** Between double quotes, a parameter is one word. */
export const quotedParams = (pieces: Pieces): Pieces =>
  pieces.map((piece) => (piece.kind === "param" ? { ...piece, isSplit: false } : piece));

/** Functions of text, as commands. */
export function commandFor(
  name: string,
  value: Pieces,
  [from, to]: readonly (string | undefined)[],
): Pieces | undefined {
  const filters: Readonly<Record<string, string | undefined>> = {
    uppercase: "tr '[:lower:]' '[:upper:]'",
    lowercase: "tr '[:upper:]' '[:lower:]'",
    trim: "sed 's/^[[:space:]]*//;s/[[:space:]]*$//'",
    replace:
      from === undefined || to === undefined || from === ""
        ? undefined
        : `sed ${shellWord(`s/${from.replaceAll(/[.[\]*^$\\/]/g, "\\$&")}/${to.replaceAll(/[&/\\]/g, "\\$&")}/g`)}`,
    file_name: "sed 's,.*/,,'",
    file_stem: "sed 's,.*/,,;s,\\.[^.]*$,,'",
    without_extension: "sed -E 's,\\.[^./]*$,,'",
    parent_directory: "xargs dirname",
    parent_dir: "xargs dirname",
    kebabcase: "tr '[:upper:]_ ' '[:lower:]--'",
    snakecase: "tr '[:upper:] -' '[:lower:]__'",
  };
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  return filter === undefined
    ? undefined
    : [
        {
          kind: "run",
          command: [
            ...textPieces('printf "%s\\n" "'),
            ...quotedParams(value),
            ...textPieces(`" | ${filter}`),
          ],
        },
      ];
}

const COLORS: Readonly<Record<string, string>> = {
  NORMAL: "0",
  BOLD: "1",
  ITALIC: "3",
  UNDERLINE: "4",
  INVERT: "7",
  HIDE: "8",
  STRIKETHROUGH: "9",
  BLACK: "30",
  RED: "31",
  GREEN: "32",
  YELLOW: "33",
  BLUE: "34",
  MAGENTA: "35",
  CYAN: "36",
  WHITE: "37",
  BG_BLACK: "40",
  BG_RED: "41",
  BG_GREEN: "42",
  BG_YELLOW: "43",
  BG_BLUE: "44",
  BG_MAGENTA: "45",
  BG_CYAN: "46",
  BG_WHITE: "47",
};

/** Constants that just has built in. */
export function constantNamed(name: string): Pieces | undefined {
  if (name === "HEX" || name === "HEXLOWER") return textPieces("0123456789abcdef");
  if (name === "HEXUPPER") return textPieces("0123456789ABCDEF");
  if (name === "CLEAR") return textPieces("\u001bc");
  if (name === "PATH_SEP") return textPieces("/");
  if (name === "PATH_VAR_SEP") return textPieces(":");
  return Object.hasOwn(COLORS, name) ? textPieces(`\u001b[${COLORS[name] ?? ""}m`) : undefined;
}

export type TextFunction = (...args: readonly string[]) => string | undefined;

export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const extension = (path: string): string =>
  fileName(path).includes(".") ? fileName(path).slice(fileName(path).lastIndexOf(".") + 1) : "";

/** Functions of just that only look at text. */
export const TEXT_FUNCTIONS: ReadonlyMap<string, TextFunction> = new Map<string, TextFunction>([
  ["uppercase", (text = "") => text.toUpperCase()],
  ["lowercase", (text = "") => text.toLowerCase()],
  ["capitalize", (text = "") => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()],
  ["trim", (text = "") => text.trim()],
  ["trim_start", (text = "") => text.trimStart()],
  ["trim_end", (text = "") => text.trimEnd()],
  ["trim_start_match", (text = "", start = "") => (text.startsWith(start) ? text.slice(start.length) : text)],
  [
    "trim_end_match",
    (text = "", end = "") => (end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text),
  ],
  ["replace", (text = "", from = "", to = "") => text.replaceAll(from, () => to)],
  [
    "append",
    (suffix = "", text = "") =>
      text
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => word + suffix)
        .join(" "),
  ],
  [
    "prepend",
    (prefix = "", text = "") =>
      text
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => prefix + word)
        .join(" "),
  ],
  ["file_name", (path = "") => fileName(path)],
  ["extension", (path = "") => extension(path)],
  [
    "file_stem",
    (path = "") =>
      extension(path) === "" ? fileName(path) : fileName(path).slice(0, -extension(path).length - 1),
  ],
  [
    "without_extension",
    (path = "") => (extension(path) === "" ? path : path.slice(0, -extension(path).length - 1)),
  ],
  ["parent_directory", (path = "") => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "")],
  ["parent_dir", (path = "") => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "")],
  ["clean", (path = "") => path.replaceAll(/\/+/g, "/").replaceAll(/(^|\/)\.\//g, "$1")],
  [
    "join",
    (...parts) =>
      parts.reduce((left, right) => (right.startsWith("/") ? right : `${left.replace(/\/$/, "")}/${right}`)),
  ],
  [
    "snakecase",
    (text = "") =>
      text
        .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
        .replaceAll(/[\s-]+/g, "_")
        .toLowerCase(),
  ],
  [
    "kebabcase",
    (text = "") =>
      text
        .replaceAll(/([a-z\d])([A-Z])/g, "$1-$2")
        .replaceAll(/[\s_]+/g, "-")
        .toLowerCase(),
  ],
  ["encode_uri_component", (text = "") => encodeURIComponent(text.toWellFormed())],
]);
