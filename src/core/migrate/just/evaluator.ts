import { expressionFor } from "#core/migrate/condition-expression";
import { commandFor, constantNamed, quotedParams, TEXT_FUNCTIONS } from "./just-functions";
import {
  limited,
  constantOf,
  defaultOf,
  textPieces,
  unknownIn,
  type Piece,
  type Pieces,
} from "#core/migrate/pieces";
import type { OpenConditions } from "#core/migrate/worlds";
import { quoteForExpression, quoteForShell } from "#core/migrate/zr-text";
import { interpolated, type Expression } from "./expression";
import type { Assignment } from "./justfile";

/** What expressions may name besides functions. */
export interface EvaluatorInput {
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly system: string;
  /** How the folder of the file is called from the folder of the configuration; empty for itself. */
  readonly folder: string;
  /** In front of names of variables, so that those of a module are its own. */
  readonly prefix: string;
  /** Shared by all files of one reading. */
  readonly conditions: OpenConditions;
  readonly asked: { system: boolean };
}

export type Scope = ReadonlyMap<string, Pieces>;

const NO_SCOPE: Scope = new Map();
const MAX_DEPTH = 50;

const unknown = (what: string, why: string): Piece => ({ kind: "unknown", what, why });

/** Evaluates expressions of a justfile as far as they can be known without running anything. */
export class Evaluator {
  readonly #input: EvaluatorInput;
  readonly #values = new Map<string, Pieces>();
  #depth = 0;

  constructor(input: EvaluatorInput) {
    this.#input = input;
  }

  /** A text with `{{…}}` in it. */
  text(source: string, scope: Scope): Pieces {
    return interpolated(source).flatMap((part) =>
      typeof part === "string" ? textPieces(part) : this.value(part, scope),
    );
  }

  /** The value of a variable, under its name where it is worth one; undefined where there is none. */
  variable(name: string): Pieces | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const assignment = this.#input.assignments.get(name);
    if (assignment === undefined) return undefined;
    this.#values.set(name, [unknown(name, "it refers to itself")]);
    const value = this.#named(name, this.value(assignment.value, NO_SCOPE));
    this.#values.set(name, value);
    return value;
  }

  value(expression: Expression, scope: Scope): Pieces {
    if (this.#depth > MAX_DEPTH) return [unknown("an expression", "it is nested too deeply")];
    this.#depth += 1;
    const value = this.#evaluate(expression, scope);
    this.#depth -= 1;
    return limited(value);
  }

  #evaluate(expression: Expression, scope: Scope): Pieces {
    switch (expression.kind) {
      case "text":
        return expression.isShellExpanded ? shellExpanded(expression.text) : textPieces(expression.text);
      case "format":
        return expression.parts.flatMap((part) =>
          typeof part === "string" ? textPieces(part) : this.value(part, scope),
        );
      case "command":
        return [{ kind: "run", command: this.text(expression.text, scope) }];
      case "name":
        return (
          scope.get(expression.name) ??
          this.variable(expression.name) ??
          constantNamed(expression.name) ?? [unknown(expression.name, "no variable has this name")]
        );
      case "call":
        return this.#call(
          expression.name,
          expression.args.map((arg) => this.value(arg, scope)),
        );
      case "join":
        return this.#join(expression, scope);
      case "if":
        return this.#conditional(expression, scope);
      case "assert":
        return [];
    }
  }

  /** A known value has the name of its variable; what a command prints is asked for once. */
  #named(name: string, value: Pieces): Pieces {
    const own = this.#input.prefix + name;
    const text = constantOf(value);
    if (text !== undefined)
      return text === "" || text.includes("\n") ? textPieces(text) : [{ kind: "name", name: own, text }];
    if (!value.some(({ kind }) => kind === "run") || unknownIn(value) !== undefined) return value;
    const variable = own.replaceAll("-", "_");
    const [only, ...others] = value;
    if (only?.kind === "run" && others.length === 0)
      return [{ kind: "once", name: variable, command: only.command }];
    const isPlain = value.every(
      (piece) => (piece.kind !== "text" && piece.kind !== "name") || /^[\w@%+:,./= -]*$/.test(piece.text),
    );
    return isPlain
      ? [
          {
            kind: "once",
            name: variable,
            command: [...textPieces('printf %s "'), ...value, ...textPieces('"')],
          },
        ]
      : value;
  }

  #join({ operator, left, right }: Extract<Expression, { kind: "join" }>, scope: Scope): Pieces {
    const first = left === undefined ? [] : this.value(left, scope);
    if (operator === "+") return [...first, ...this.value(right, scope)];
    if (operator === "/") return [...first, ...textPieces("/"), ...this.value(right, scope)];
    const known = constantOf(first);
    if (known === undefined) {
      if (
        operator === "||" &&
        first.length === 1 &&
        first[0]?.kind === "default" &&
        constantOf(first[0].fallback) === ""
      )
        return [
          { kind: "text", text: `\${${first[0].name}:-` },
          ...this.value(right, scope),
          { kind: "text", text: "}" },
        ];
      return [unknown(operator, "which side counts is only known when it runs")];
    }
    if (operator === "&&") return known === "" ? [] : this.value(right, scope);
    return known === "" ? this.value(right, scope) : first;
  }

  #conditional(
    { left, operator, right, then, otherwise }: Extract<Expression, { kind: "if" }>,
    scope: Scope,
  ): Pieces {
    const [a, b] = [this.value(left, scope), this.value(right, scope)];
    const holds = this.#compare(a, operator, b);
    if (holds !== undefined) return this.value(holds ? then : otherwise, scope);
    return this.#shellConditional([a, operator, b], [this.value(then, scope), this.value(otherwise, scope)]);
  }

  /** Undefined where only a command can tell, as with parameters. */
  #compare(left: Pieces, operator: string, right: Pieces): boolean | undefined {
    const [a, b] = [constantOf(left), constantOf(right)];
    const isNegative = operator.startsWith("!");
    if (a !== undefined && b !== undefined)
      return operator.endsWith("=")
        ? (a === b) !== isNegative
        : matches(a, b) === undefined
          ? undefined
          : matches(a, b) !== isNegative;
    if (operator.endsWith("~")) return undefined;
    const [open, known] = a === undefined ? [left, b] : [right, a];
    const expression = known === undefined ? undefined : expressionFor(open);
    if (expression === undefined || known === undefined) return undefined;
    const usual = defaultOf(open) === known;
    return this.#decide(`${expression} == ${quoteForExpression(known)}`, usual) !== isNegative;
  }

  #decide(expression: string, usual = false): boolean {
    return this.#input.conditions.decide(expression, usual);
  }

  /** A choice that the shell makes, where both sides are words. */
  #shellConditional(
    [left, operator, right]: readonly [Pieces, string, Pieces],
    [yes, no]: readonly [Pieces, Pieces],
  ): Pieces {
    const all = [...left, ...right, ...yes, ...no];
    const areWords = all.every(
      (piece) => piece.kind !== "unknown" && (piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
    );
    if (!areWords || operator.endsWith("~"))
      return [unknown("if … { … } else { … }", "what it compares is only known when it runs")];
    const parts = [
      textPieces('if [ "'),
      quotedParams(left),
      textPieces(`" ${operator === "==" ? "=" : "!="} "`),
      quotedParams(right),
      textPieces('" ]; then echo "'),
      yes,
      textPieces('"; else echo "'),
      no,
      textPieces('"; fi'),
    ];
    return [{ kind: "run", command: parts.flat() }];
  }

  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  #call(name: string, args: readonly Pieces[]): Pieces {
    const [first = [], second = [], third = []] = args;
    const failed = args.map(unknownIn).find((piece) => piece !== undefined);
    if (failed !== undefined && name !== "error") return [failed];
    const [a, b, c] = [constantOf(first), constantOf(second), constantOf(third)];
    switch (name) {
      case "os":
        this.#input.asked.system = true;
        return textPieces(this.#input.system === "darwin" ? "macos" : this.#input.system);
      case "os_family":
        this.#input.asked.system = true;
        return textPieces(this.#input.system === "windows" ? "windows" : "unix");
      case "arch":
        return run("uname -m | sed 's/arm64/aarch64/'");
      case "num_cpus":
        return run("getconf _NPROCESSORS_ONLN");
      case "env":
      case "env_var":
      case "env_var_or_default":
        if (a === undefined || !/^[A-Za-z_]\w*$/.test(a)) break;
        return [
          { kind: "default", name: a, fallback: second, ...(args.length < 2 ? { isRequired: true } : {}) },
        ];
      case "justfile_directory":
      case "justfile_dir":
        return [{ kind: "folder" }];
      case "source_directory":
      case "source_dir":
      case "module_directory":
        return this.#input.folder === ""
          ? [{ kind: "folder" }]
          : [{ kind: "folder" }, ...textPieces(`/${this.#input.folder}`)];
      case "justfile":
      case "source_file":
        return [{ kind: "folder" }, ...textPieces("/justfile")];
      case "just_executable":
        return textPieces("just");
      case "just_pid":
        return textPieces("$$");
      case "is_dependency":
        return textPieces("false");
      case "home_directory":
      case "home_dir":
        return [{ kind: "default", name: "HOME", fallback: [] }];
      case "shell":
        return [{ kind: "run", command: shellCall(args) }];
      case "quote":
        return quoted(first);
      case "which":
      case "require":
        return [
          {
            kind: "run",
            command: [
              ...textPieces("command -v "),
              ...first,
              ...(name === "which" ? textPieces(" || true") : []),
            ],
          },
        ];
      case "read":
        return [{ kind: "run", command: [...textPieces("cat "), ...first] }];
      case "datetime":
      case "datetime_utc":
        if (a !== undefined)
          return run(`date ${name === "datetime_utc" ? "-u " : ""}${quoteForShell(`+${a}`)}`);
        break;
      case "uuid":
        return run("cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen");
      case "sha256_file":
        return [
          {
            kind: "run",
            command: [...textPieces("sha256sum "), ...first, ...textPieces(" | cut -d ' ' -f 1")],
          },
        ];
      case "path_exists":
        if (a !== undefined) return textPieces(String(this.#decide(`file.exists(${quoteForExpression(a)})`)));
        break;
      case "absolute_path":
      case "canonicalize":
        if (a !== undefined)
          return a.startsWith("/")
            ? first
            : [{ kind: "folder" }, ...textPieces(a === "." || a === "" ? "" : `/${a.replace(/^\.\//, "")}`)];
        return first.some(({ kind }) => kind === "folder")
          ? first
          : [unknown(`${name}(…)`, "its path is only known when it runs")];
      case "error":
        return [unknown(`error(${defaultOf(first) ?? "…"})`, "just would stop here")];
      case "parent_directory":
      case "parent_dir":
        if (a === undefined && first.length === 1 && first[0]?.kind === "folder")
          return [{ kind: "folder" }, ...textPieces("/..")];
        break;
      default:
    }
    const change = TEXT_FUNCTIONS.get(name);
    const values = [a, b, c].slice(0, args.length);
    if (change !== undefined && args.length <= 3 && values.every((value) => value !== undefined)) {
      const result = change(...values.map((value) => value ?? ""));
      if (result !== undefined) return textPieces(result);
    }
    const command = commandFor(name, first, [b, c]);
    return (
      command ?? [
        unknown(
          `${name}(…)`,
          change === undefined ? "it has no equal" : "what it works on is only known when it runs",
        ),
      ]
    );
  }
}

const run = (command: string): Pieces => [{ kind: "run", command: textPieces(command) }];

function quoted(pieces: Pieces): Pieces {
  const text = constantOf(pieces);
  if (text !== undefined) return textPieces(`'${text.replaceAll("'", "'\\''")}'`);
  return [...textPieces('"'), ...quotedParams(pieces), ...textPieces('"')];
}

/** `shell(command, arguments…)`: the arguments are `$1`, `$2`…. */
function shellCall([command = [], ...args]: readonly Pieces[]): Pieces {
  if (args.length === 0) return command;
  const script = constantOf(command);
  if (script === undefined) return [unknown("shell(…)", "its command is only known when it runs")];
  return [
    ...textPieces(`sh -c ${quoteForShell(script)} sh`),
    ...args.flatMap((arg) => [...textPieces(" "), ...quoted(arg)]),
  ];
}

function shellExpanded(text: string): Pieces {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$([A-Za-z_]\w*)|^~(?=\/|$)/g)) {
    pieces.push(...textPieces(text.slice(at, match.index)));
    pieces.push({
      kind: "default",
      name: match[1] ?? match[3] ?? "HOME",
      fallback: textPieces(match[2] ?? ""),
    });
    at = match.index + match[0].length;
  }
  return [...pieces, ...textPieces(text.slice(at))];
}

function matches(text: string, pattern: string): boolean | undefined {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return undefined;
  }
}
