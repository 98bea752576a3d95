import { shellWord } from "#base/shell-word";
import { constantOf, textPieces, type Pieces } from "#core/migrate/pieces";

/** An extended regular expression that matches what a pattern with one `%` matches, with the stem as its group. */
const patternRegex = (pattern: string): string =>
  `^${pattern
    .split("%")
    .map((part) => part.replaceAll(/[.[\]{}()*+?^$|\\/]/g, "\\$&"))
    .join("(.*)")}$`;

const replacement = (text: string): string => text.replaceAll(/[&/\\]/g, "\\$&");

/** The filter that does on lines what a function of make does on words; undefined where none does. */
function filterOf(name: string, args: readonly string[]): string | undefined {
  const [first = "", second = ""] = args;
  switch (name) {
    case "strip":
      return "cat";
    case "patsubst":
      return `sed -E ${shellWord(`s/${patternRegex(first.trim())}/${replacement(second.trim()).replace("%", "\\1")}/`)}`;
    case "filter":
    case "filter-out": {
      const patterns = first.trim().split(/\s+/).map(patternRegex).join("|");
      return `grep -E${name === "filter" ? "" : "v"} ${shellWord(patterns)}`;
    }
    case "sort":
      return "LC_ALL=C sort -u";
    case "firstword":
      return "head -n 1";
    case "lastword":
      return "tail -n 1";
    case "word":
      return /^[1-9]\d*$/.test(first.trim()) ? `sed -n ${first.trim()}p` : undefined;
    case "words":
      return "grep -c .";
    case "dir":
      return `sed -E ${shellWord("s,^[^/]*$,./,;s,[^/]*$,,")}`;
    case "notdir":
      return `sed ${shellWord("s,.*/,,")}`;
    case "basename":
      return `sed -E ${shellWord("s,\\.[^./]*$,,")}`;
    case "addprefix":
      return `sed ${shellWord(`s/^/${replacement(first)}/`)}`;
    case "addsuffix":
      return `sed ${shellWord(`s/$/${replacement(first)}/`)}`;
    case "findstring":
      return `grep -oF -m 1 ${shellWord(first)}`;
    default:
      return undefined;
  }
}

/** A function of text that is only known when it runs, as a command; undefined where there is none. */
export function functionAsCommand(name: string, args: readonly Pieces[]): Pieces | undefined {
  const fixed = args.slice(0, -1).map(constantOf);
  const last = args.at(-1) ?? [];
  if (fixed.includes(undefined) || last.some(({ kind }) => kind === "unknown")) return undefined;
  const known = fixed.map((text) => text ?? "");
  if (name === "subst") {
    const [from = "", to = ""] = known;
    if (from === "" || /[\n]/.test(from + to)) return undefined;
    const script = `s/${from.replaceAll(/[.[\]*^$\\/]/g, "\\$&")}/${replacement(to)}/g`;
    return [
      {
        kind: "run",
        command: [...textPieces("echo "), ...last, ...textPieces(` | sed ${shellWord(script)}`)],
      },
    ];
  }
  const filter = filterOf(name, known);
  if (filter === undefined) return undefined;
  return [
    { kind: "run", command: [...textPieces("printf '%s\\n' "), ...last, ...textPieces(` | ${filter}`)] },
  ];
}
