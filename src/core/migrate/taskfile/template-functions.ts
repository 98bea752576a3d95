import { constantOf, textPieces, unknownIn, type Pieces } from "#core/migrate/pieces";
import { shellWord } from "#base/shell-word";
import { isList, isTableValue, itemPieces, joinedItems, unknown, type TemplateValue } from "./template-value";

type PiecesFunction = (...args: readonly Pieces[]) => TemplateValue | undefined;

const plain =
  (change: (...args: readonly string[]) => string | undefined): PiecesFunction =>
  (...args) => {
    const known = args.map(constantOf);
    if (known.includes(undefined)) return undefined;
    const text = change(...known.map((value) => value ?? ""));
    return text === undefined ? undefined : textPieces(text);
  };

const filtered =
  (change: (text: string) => string, filter: string): PiecesFunction =>
  (value = []) => {
    const known = constantOf(value);
    if (known !== undefined) return textPieces(change(known));
    if (unknownIn(value) !== undefined) return undefined;
    return [
      { kind: "run", command: [...textPieces('printf "%s" "'), ...value, ...textPieces(`" | ${filter}`)] },
    ];
  };

/** Functions of templates, by name; what they give is undefined where that is only known when it runs. */
const FUNCTIONS: ReadonlyMap<string, PiecesFunction> = new Map<string, PiecesFunction>([
  ["default", (fallback = [], value = []) => withDefault(value, fallback)],
  ["trim", filtered((text) => text.trim(), "sed 's/^[[:space:]]*//;s/[[:space:]]*$//'")],
  ["upper", filtered((text) => text.toUpperCase(), "tr '[:lower:]' '[:upper:]'")],
  ["lower", filtered((text) => text.toLowerCase(), "tr '[:upper:]' '[:lower:]'")],
  ["catLines", filtered((text) => text.replaceAll(/\r?\n/g, " "), String.raw`tr '\n' ' '`)],
  ["toSlash", (value = []) => value],
  ["fromSlash", (value = []) => value],
  ["print", (...args) => args.flat()],
  ["toString", (value = []) => value],
  ["quote", (value = []) => [...textPieces('"'), ...value, ...textPieces('"')]],
  ["q", (value = []) => shellQuoted(value)],
  ["shellQuote", (value = []) => shellQuoted(value)],
  ["env", (value = []) => environment(constantOf(value))],
  ["replace", replaced],
  [
    "trimSuffix",
    plain((suffix = "", text = "") =>
      suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
    ),
  ],
  [
    "trimPrefix",
    plain((prefix = "", text = "") => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  ],
  ["base", plain((path = "") => path.slice(path.lastIndexOf("/") + 1))],
  ["osBase", plain((path = "") => path.slice(path.lastIndexOf("/") + 1))],
  ["dir", plain((path = "") => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "."))],
  ["osDir", plain((path = "") => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "."))],
  ["ternary", plain((yes = "", no = "", test = "") => (test === "true" ? yes : no))],
  ["add", plain((a = "", b = "") => String(Number(a) + Number(b)))],
  ["sub", plain((a = "", b = "") => String(Number(a) - Number(b)))],
  ["contains", plain((part = "", text = "") => String(text.includes(part)))],
  ["hasPrefix", plain((part = "", text = "") => String(text.startsWith(part)))],
  ["hasSuffix", plain((part = "", text = "") => String(text.endsWith(part)))],
  [
    "repeat",
    plain((count = "", text = "") =>
      Number(count) <= 1000 ? text.repeat(Math.max(0, Number(count) || 0)) : undefined,
    ),
  ],
  [
    "joinPath",
    (...args) => args.flatMap((part, index) => [...(index === 0 ? [] : textPieces("/")), ...part]),
  ],
  ["printf", printed],
  ["numCPU", () => [{ kind: "run", command: textPieces("getconf _NPROCESSORS_ONLN") }]],
  ["randInt", () => undefined],
  ["splitList", (separator = [], text = []) => listOf(text, constantOf(separator))],
  ["splitLines", (text = []) => listOf(text, "\n")],
  ["splitArgs", (text = []) => listOf(text, " ")],
  [
    "list",
    (...args) =>
      args.every((arg) => constantOf(arg) !== undefined)
        ? { kind: "list", items: args.map((arg) => constantOf(arg) ?? "") }
        : undefined,
  ],
]);

function listOf(text: Pieces, separator: string | undefined): TemplateValue | undefined {
  const known = constantOf(text);
  return known === undefined || separator === undefined || separator === ""
    ? undefined
    : { kind: "list", items: known.split(separator) };
}

/** What a function of templates gives (taskfile.dev, "Functions"). */
// oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
export function callFunction(name: string, args: readonly TemplateValue[]): TemplateValue {
  const [first, second] = args;
  if (
    name === "join" &&
    args.length === 2 &&
    isList(second) &&
    !isList(first) &&
    first !== undefined &&
    !isTableValue(first)
  )
    return joinedItems(second.items, constantOf(first) ?? " ");
  if (name === "len" && isList(first)) return textPieces(String(first.items.length));
  if (name === "first" && isList(first)) return itemPieces(first.items[0]);
  if (name === "last" && isList(first)) return itemPieces(first.items.at(-1));
  if (name === "index" && isList(first) && second !== undefined && !isList(second) && !isTableValue(second)) {
    const item = first.items[Number(constantOf(second))];
    return item === undefined ? [unknown("{{index …}}", "there is no such element")] : itemPieces(item);
  }
  const change = FUNCTIONS.get(name);
  const texts = args.map((arg) =>
    isList(arg)
      ? joinedItems(arg.items, " ")
      : isTableValue(arg)
        ? [unknown("a table", "it has no text")]
        : arg,
  );
  const failed = texts.map(unknownIn).find((piece) => piece !== undefined);
  if (failed !== undefined) return [failed];
  const value = change?.(...texts);
  return (
    value ?? [
      unknown(
        `{{${name} …}}`,
        change === undefined ? "the function has no equal" : "what it works on is only known when it runs",
      ),
    ]
  );
}

/** A variable of the environment that is not set, or empty, has a default. */
function withDefault(value: Pieces, fallback: Pieces): Pieces {
  const known = constantOf(value);
  if (known !== undefined) return known === "" ? fallback : value;
  const [only, ...others] = value;
  if (only?.kind === "default" && others.length === 0 && constantOf(only.fallback) === "")
    return [{ ...only, fallback, isForEmpty: true }];
  if (only?.kind === "arguments" && others.length === 0)
    return [{ kind: "text", text: "${@:-" }, ...fallback, { kind: "text", text: "}" }];
  return only?.kind === "default" || only?.kind === "param"
    ? value
    : [unknown("{{default …}}", "whether there is a value is only known when it runs")];
}

function shellQuoted(value: Pieces): Pieces {
  const known = constantOf(value);
  return known === undefined
    ? [...textPieces('"'), ...value, ...textPieces('"')]
    : textPieces(shellWord(known));
}

const environment = (name: string | undefined): Pieces | undefined =>
  name === undefined || !/^[A-Za-z_]\w*$/.test(name) ? undefined : [{ kind: "default", name, fallback: [] }];

function replaced(from: Pieces = [], to: Pieces = [], value: Pieces = []): TemplateValue | undefined {
  const [a, b, text] = [constantOf(from), constantOf(to), constantOf(value)];
  if (a === undefined || b === undefined || a === "") return undefined;
  if (text !== undefined) return textPieces(text.replaceAll(a, () => b));
  const script = `s/${a.replaceAll(/[.[\]*^$\\/]/g, "\\$&")}/${b.replaceAll(/[&/\\]/g, "\\$&")}/g`;
  return [
    {
      kind: "run",
      command: [...textPieces('printf "%s" "'), ...value, ...textPieces(`" | sed ${shellWord(script)}`)],
    },
  ];
}

function printed(format: Pieces = [], ...args: readonly Pieces[]): TemplateValue | undefined {
  const text = constantOf(format);
  if (
    text === undefined ||
    /%(?![svdq%])/.test(text) ||
    (text.match(/%[svdq]/g) ?? []).length !== args.length
  )
    return undefined;
  let next = 0;
  return text.split(/(%[svdq%])/).flatMap((part): Pieces => {
    if (part === "%%") return textPieces("%");
    if (!/^%[svdq]$/.test(part)) return textPieces(part);
    next += 1;
    const value = args[next - 1] ?? [];
    return part === "%q" ? [...textPieces('"'), ...value, ...textPieces('"')] : value;
  });
}
