import { constantOf, defaultOf, textPieces, unknownPiece, type Pieces } from "#core/migrate/pieces";
import { quotedWord, shellWord } from "#base/shell-word";
import { quoteForExpression } from "#core/migrate/zr-text";
import { commandFor, quotedParams, TEXT_FUNCTIONS } from "./just-functions";

/** What a call asks of its surroundings. */
export interface CallContext {
  /** How the folder of the file is called from the folder of the configuration; empty for itself. */
  readonly folder: string;
  /** The system that is read for. Asking makes it matter. */
  readonly system: () => string;
  /** How a condition is taken that only the outside decides. */
  readonly decide: (expression: string) => boolean;
}

/** Undefined where it has no equal for these arguments. */
type JustFunction = (args: readonly Pieces[], context: CallContext) => Pieces | undefined;

const run = (command: string): Pieces => [{ kind: "run", command: textPieces(command) }];
const printed = (...parts: readonly Pieces[]): Pieces => [{ kind: "run", command: parts.flat() }];

const environment: JustFunction = ([name = [], fallback]) => {
  const text = constantOf(name);
  if (text === undefined || !/^[A-Za-z_]\w*$/.test(text)) return undefined;
  return [
    {
      kind: "default",
      name: text,
      fallback: fallback ?? [],
      ...(fallback === undefined ? { isRequired: true } : {}),
    },
  ];
};

const ownFolder: JustFunction = (_, { folder }) => [
  { kind: "folder" },
  ...textPieces(folder === "" ? "" : `/${folder}`),
];

const folder: JustFunction = () => [{ kind: "folder" }];
const file: JustFunction = () => [{ kind: "folder" }, ...textPieces("/justfile")];
const home: JustFunction = () => [{ kind: "default", name: "HOME", fallback: [] }];
const located =
  (rest: string): JustFunction =>
  ([first = []]) =>
    printed(textPieces("command -v "), first, textPieces(rest));
const date =
  (flag: string): JustFunction =>
  ([format = []]) => {
    const text = constantOf(format);
    return text === undefined ? undefined : run(`date ${flag}${shellWord(`+${text}`)}`);
  };

function absolute(name: string): JustFunction {
  return ([path = []]) => {
    const text = constantOf(path);
    if (text === undefined)
      return path.some(({ kind }) => kind === "folder")
        ? path
        : [unknownPiece(`${name}(…)`, "its path is only known when it runs")];
    if (text.startsWith("/")) return path;
    return [
      { kind: "folder" },
      ...textPieces(text === "." || text === "" ? "" : `/${text.replace(/^\.\//, "")}`),
    ];
  };
}

const parent: JustFunction = ([path = []]) =>
  path.length === 1 && path[0]?.kind === "folder" ? [{ kind: "folder" }, ...textPieces("/..")] : undefined;

/** `replace_regex`: expressions and replacements that mean the same to Rust, JavaScript and `sed -E`. */
const replaceRegex: JustFunction = ([value = [], pattern = [], replacement = []]) => {
  const [text, from, to] = [value, pattern, replacement].map(constantOf);
  const isPlain =
    from !== undefined &&
    to !== undefined &&
    /^(?:[^\\[\](){}?\n]|\\[.*+^$/]|\[\^?[\w .,:/@%+=~-]+\]|[()?])*$/.test(from) &&
    !/\(\?|\*\?|\+\?|\?\?|\n/.test(from) &&
    /^(?:[^$\\\n]|\$[1-9](?!\w))*$/.test(to);
  if (!isPlain) return undefined;
  if (text !== undefined) {
    try {
      return textPieces(text.replace(new RegExp(from, "g"), to));
    } catch {
      return undefined;
    }
  }
  const script = `s/${from.replaceAll(/(?<!\\)\//g, "\\/")}/${to.replaceAll(/[&/]/g, "\\$&").replaceAll(/\$([1-9])/g, "\\$1")}/g`;
  return printed(
    textPieces('printf "%s\\n" "'),
    quotedParams(value),
    textPieces(`" | sed -E ${shellWord(script)}`),
  );
};

const FUNCTIONS: ReadonlyMap<string, JustFunction> = new Map<string, JustFunction>([
  ["os", (_, { system }) => textPieces(system() === "darwin" ? "macos" : system())],
  ["os_family", (_, { system }) => textPieces(system() === "windows" ? "windows" : "unix")],
  ["arch", () => run("uname -m | sed 's/arm64/aarch64/'")],
  ["num_cpus", () => run("getconf _NPROCESSORS_ONLN")],
  ["env", environment],
  ["env_var", environment],
  ["env_var_or_default", environment],
  ["justfile_directory", folder],
  ["justfile_dir", folder],
  ["source_directory", ownFolder],
  ["source_dir", ownFolder],
  ["module_directory", ownFolder],
  ["justfile", file],
  ["source_file", file],
  ["just_executable", () => textPieces("just")],
  ["just_pid", () => textPieces("$$")],
  ["home_directory", home],
  ["home_dir", home],
  ["shell", (args) => printed(shellCall(args))],
  ["quote", ([first = []]) => quoted(first)],
  ["which", located(" || true")],
  ["require", located("")],
  ["read", ([first = []]) => printed(textPieces("cat "), first)],
  ["datetime", date("")],
  ["datetime_utc", date("-u ")],
  ["uuid", () => run("cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen")],
  [
    "sha256_file",
    ([first = []]) => printed(textPieces("sha256sum "), first, textPieces(" | cut -d ' ' -f 1")),
  ],
  ["path_exists", pathExists],
  ["absolute_path", absolute("absolute_path")],
  ["canonicalize", absolute("canonicalize")],
  ["error", ([first = []]) => [unknownPiece(`error(${defaultOf(first) ?? "…"})`, "just would stop here")]],
  ["assert", asserted],
  ["is_dependency", () => [unknownPiece("is_dependency()", "a task does not know who runs it")]],
  ["parent_directory", parent],
  ["parent_dir", parent],
  ["replace_regex", replaceRegex],
]);

/** `assert(condition, message)`, the condition of which is a text that is empty where it does not hold. */
function asserted([condition = [], message = []]: readonly Pieces[]): Pieces {
  const holds = constantOf(condition);
  if (holds !== undefined && holds !== "") return [];
  const what = `assert(…, ${defaultOf(message) ?? "…"})`;
  return [
    unknownPiece(what, holds === "" ? "just would stop here" : "whether it holds is only known when it runs"),
  ];
}

function pathExists([path = []]: readonly Pieces[], { decide }: CallContext): Pieces | undefined {
  const text = constantOf(path);
  return text === undefined
    ? undefined
    : textPieces(String(decide(`file.exists(${quoteForExpression(text)})`)));
}

/** What a call of a function of just is, as far as it can be known (just manual, "Functions"). */
export function callFunction(name: string, args: readonly Pieces[], context: CallContext): Pieces {
  const own = FUNCTIONS.get(name)?.(args, context);
  if (own !== undefined) return own;
  const change = TEXT_FUNCTIONS.get(name);
  const values = args.slice(0, 3).map(constantOf);
  if (change !== undefined && args.length <= 3 && values.every((value) => value !== undefined)) {
    const result = change(...values.map((value) => value ?? ""));
    if (result !== undefined) return textPieces(result);
  }
  const [first = [], second, third] = args;
  const fixed = [second, third].map((pieces) => (pieces === undefined ? undefined : constantOf(pieces)));
  return (
    commandFor(name, first, fixed) ?? [
      unknownPiece(
        `${name}(…)`,
        change === undefined ? "it has no equal" : "what it works on is only known when it runs",
      ),
    ]
  );
}

function quoted(pieces: Pieces): Pieces {
  const text = constantOf(pieces);
  if (text !== undefined) return textPieces(quotedWord(text));
  return [...textPieces('"'), ...quotedParams(pieces), ...textPieces('"')];
}

/** `shell(command, arguments…)`: the arguments are `$1`, `$2`…. */
function shellCall([command = [], ...args]: readonly Pieces[]): Pieces {
  if (args.length === 0) return command;
  const script = constantOf(command);
  if (script === undefined) return [unknownPiece("shell(…)", "its command is only known when it runs")];
  return [
    ...textPieces(`sh -c ${shellWord(script)} sh`),
    ...args.flatMap((arg) => [...textPieces(" "), ...quoted(arg)]),
  ];
}
