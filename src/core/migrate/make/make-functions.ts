import {
  constantOf,
  defaultOf,
  printing,
  textPieces,
  unknownIn,
  unknownPiece,
  type Piece,
  type Pieces,
} from "#core/migrate/pieces";
import { expressionFor } from "#core/migrate/condition-expression";
import { BUILT_IN } from "./built-in-variables";
import type { ExpansionHost, Scope, Variable } from "./expansion-host";
import { folderFunction } from "./folder-paths";
import { shellFunction } from "./shell-calls";
import { functionAsCommand } from "./shell-functions";
import { textFunctions } from "./text-functions";

/** What a function of make works with. */
export interface FunctionCall {
  readonly name: string;
  /** The arguments as they stand, not expanded. */
  readonly args: readonly string[];
  readonly scope: Scope;
  readonly host: ExpansionHost;
  readonly expand: (text: string, scope?: Scope) => Pieces;
  /** The text where it is known, or as it is where nothing is set, which is then an open condition. */
  readonly assumed: (text: string) => string | undefined;
}

type MakeFunction = (call: FunctionCall) => Pieces;

/** All arguments as one, where commas are no separators. */
const whole = ({ args }: FunctionCall): string => args.join(",");

const argument = ({ args, expand }: FunctionCall, index: number): Pieces =>
  expand((args[index] ?? "").trim());

/** The functions of make that do more than look at text (GNU make manual, "Functions"), by name. */
const functions: ReadonlyMap<string, MakeFunction> = new Map<string, MakeFunction>([
  ["shell", (call) => shellFunction(call.expand(whole(call)), () => call.host.system())],
  ["wildcard", wildcard],
  ["if", choose],
  ["or", firstOf],
  ["and", lastOf],
  ["foreach", forEach],
  ["call", callVariable],
  ["eval", evaluate],
  ["value", valueOf],
  ["origin", originOf],
  ["flavor", flavorOf],
  ["error", fail],
  ["info", () => []],
  ["warning", () => []],
  ["abspath", (call) => absolute(argument(call, 0))],
  ["realpath", (call) => absolute(argument(call, 0))],
  ["file", () => [unknownPiece("$(file …)", "it has no equal")]],
  ["guile", () => [unknownPiece("$(guile …)", "it has no equal")]],
]);

export const isFunction = (name: string): boolean => functions.has(name) || textFunctions.has(name);

/** What a call of a function is, as far as it can be known. */
export function callFunction(call: FunctionCall): Pieces {
  const own = functions.get(call.name);
  if (own !== undefined) return own(call);
  const args = call.args.map((text, index) =>
    call.expand(index === call.args.length - 1 || call.name === "subst" ? text : text.trim()),
  );
  for (const pieces of args) call.host.overrides.settle(pieces);
  return callTextFunction(call.name, args, `$(${call.name} ${whole(call)})`);
}

/** A function of text: at once where its arguments are known, else as a command. */
export function callTextFunction(name: string, args: readonly Pieces[], source: string): Pieces {
  const change = textFunctions.get(name);
  if (change === undefined) return [unknownPiece(source, "it has no equal")];
  const values = args.map(constantOf);
  if (values.every((value) => value !== undefined))
    return textPieces(change(...values.map((value) => value ?? "")) ?? "");
  const last = args.at(-1) ?? [];
  const first = values.slice(0, -1);
  if (
    last.length > 0 &&
    last.every(({ kind }) => kind === "folder" || kind === "text" || kind === "name") &&
    first.every((value) => value !== undefined)
  )
    return folderFunction(name, last, (text) => change(...first.map((value) => value ?? ""), text) ?? "");
  const asCommand = functionAsCommand(name, args);
  if (asCommand !== undefined) return asCommand;
  const failed = args.map(unknownIn).find((piece) => piece !== undefined);
  return [failed ?? unknownPiece(source, "what it works on is only known when it runs")];
}

function wildcard(call: FunctionCall): Pieces {
  const source = whole(call);
  const text = constantOf(call.expand(source));
  if (text === undefined)
    return [unknownPiece(`$(wildcard ${source})`, "the pattern is only known when it runs")];
  const patterns = text.split(/\s+/).filter((word) => word !== "");
  if (patterns.length > 0)
    call.host.remarkOn(`$(wildcard ${source})`, "it stands for the files that match now");
  return textPieces(patterns.flatMap((pattern) => call.host.files(pattern) ?? []).join(" "));
}

function choose(call: FunctionCall): Pieces {
  const condition = argument(call, 0);
  const known = constantOf(condition);
  const isSomething = known === undefined ? isNeverEmpty(condition) : known !== "";
  if (known !== undefined || isSomething) call.host.overrides.settle(condition);
  if (known !== undefined || isSomething) return argument(call, isSomething ? 1 : 2);
  if (call.host.isReading() && call.args.slice(1).some((text) => /\$[({](?:error|eval)\s/.test(text))) {
    // What a branch does is done in one of two worlds, never for both at once.
    const expression = expressionFor(condition);
    if (expression === undefined)
      return [unknownPiece(`$(if ${call.args[0] ?? ""},…)`, "the condition is only known when it runs")];
    return argument(call, call.host.decide(`${expression} == ''`, defaultOf(condition) === "") ? 2 : 1);
  }
  return (
    chosenByShell(condition, call) ?? [
      unknownPiece(`$(if ${call.args[0] ?? ""},…)`, "the condition is only known when it runs"),
    ]
  );
}

/** Whether a part of it is a text whatever the outside says. */
const isNeverEmpty = (pieces: Pieces): boolean =>
  pieces.some(
    (piece) =>
      piece.kind === "folder" ||
      piece.kind === "stem" ||
      ((piece.kind === "text" || piece.kind === "name") && /\S/.test(piece.text)),
  );

/** `$(if $(X),a,b)` where X comes from the environment: `${X:+a}`, or a command that prints one of the two. */
function chosenByShell(condition: Pieces, call: FunctionCall): Pieces | undefined {
  const [only, ...others] = condition;
  const [yes, no] = [argument(call, 1), argument(call, 2)];
  const failed = unknownIn(yes) ?? unknownIn(no) ?? unknownIn(condition);
  if (failed !== undefined) return undefined;
  const signs = [yes, no].map((pieces) => constantOf(pieces)?.trim());
  if (signs.includes("@") && signs.every((sign) => sign === "@" || sign === ""))
    return conditionalWords(condition, yes, no)?.map((piece) => ({ ...piece, isSign: true }));
  const isPlain =
    only?.kind === "default" &&
    others.length === 0 &&
    constantOf(only.fallback) === "" &&
    constantOf(no) === "";
  if (!isPlain) return conditionalWords(condition, yes, no);
  return [{ kind: "text", text: `\${${only.name}:+` }, ...yes, { kind: "text", text: "}" }];
}

/** Words that depend on whether a text is empty, as a command that prints them; undefined where they are more than words. */
function conditionalWords(condition: Pieces, yes: Pieces, no: Pieces): Pieces | undefined {
  const areWords = [yes, no].every((pieces) =>
    pieces.every((piece) => piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
  );
  if (!areWords) return undefined;
  const parts = [
    textPieces('if [ -n "'),
    condition,
    textPieces('" ]; then '),
    printing(yes),
    textPieces("; else "),
    printing(no),
    textPieces("; fi"),
  ];
  return [{ kind: "run", command: parts.flat() }];
}

function firstOf(call: FunctionCall): Pieces {
  for (const [index] of call.args.entries()) {
    const value = argument(call, index);
    const known = constantOf(value);
    if (known === "") continue;
    if (known !== undefined || index === call.args.length - 1) return value;
    const [only, ...others] = value;
    const rest = callFunction({ ...call, name: "or", args: call.args.slice(index + 1) });
    if (only?.kind !== "default" || others.length > 0 || constantOf(only.fallback) !== "")
      return (
        printedOr(value, rest) ?? [
          unknownPiece("$(or …)", "which of them is not empty is only known when it runs"),
        ]
      );
    return [{ kind: "text", text: `\${${only.name}:-` }, ...rest, { kind: "text", text: "}" }];
  }
  return [];
}

/** What a command prints, or else some words, as a command. */
function printedOr(value: Pieces, rest: Pieces): Pieces | undefined {
  const areWords = [...value, ...rest].every(
    (piece) => piece.kind !== "unknown" && (piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
  );
  if (!areWords || !value.some(({ kind }) => kind === "run")) return undefined;
  const parts = [textPieces('v="'), value, textPieces('"; echo "${v:-'), rest, textPieces('}"')];
  return [{ kind: "run", command: parts.flat() }];
}

function lastOf(call: FunctionCall): Pieces {
  let last: Pieces = [];
  for (const [index] of call.args.entries()) {
    last = argument(call, index);
    const known = constantOf(last);
    if (known === "") return [];
    if (known === undefined && index < call.args.length - 1)
      return [unknownPiece(`$(and ${whole(call)})`, "the condition is only known when it runs")];
  }
  return last;
}

function forEach({ args: [name = "", list = "", ...text], scope, expand, assumed }: FunctionCall): Pieces {
  const [values, key] = [assumed(list), assumed(name.trim())];
  if (values === undefined || key === undefined)
    return [unknownPiece(`$(foreach ${name},…)`, "the list is only known when it runs")];
  return values
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word, index) => [
      ...(index === 0 ? [] : textPieces(" ")),
      ...expand(text.join(","), new Map([...scope, [key, textPieces(word)]])),
    ]);
}

const MAX_PARAMETERS = 10;

function callVariable(call: FunctionCall): Pieces {
  const { args, scope, host, expand } = call;
  const name = call.assumed((args[0] ?? "").trim());
  if (name === undefined)
    return [unknownPiece(`$(call ${args[0] ?? ""},…)`, "what it calls is only known when it runs")];
  const variable = host.variable(name);
  if (variable === undefined)
    return isFunction(name) ? callFunction({ ...call, name, args: args.slice(1) }) : [];
  const inner = new Map(scope);
  for (const [index, text] of args.entries())
    inner.set(String(index), index === 0 ? textPieces(name) : expand(text, scope));
  for (let index = args.length; index < MAX_PARAMETERS; index += 1) inner.set(String(index), []);
  return typeof variable.value === "string" ? expand(variable.value, inner) : variable.value;
}

function evaluate(call: FunctionCall): Pieces {
  const pieces = call.expand(whole(call));
  const text = asMakeText(pieces);
  // Targets that do nothing, so that words behind a goal are none.
  if (text === undefined && /^[^=]*:+\s*;\s*@?(?::|true)?\s*$/.test(whole(call))) return [];
  if (text === undefined)
    return isDefinition(pieces, call.host)
      ? []
      : [unknownPiece(`$(eval ${whole(call)})`, "it is only known when it runs")];
  call.host.evaluate(text);
  return [];
}

/** `X := ` before what a command prints is an assignment; true where it was one. */
function isDefinition(pieces: Pieces, host: ExpansionHost): boolean {
  const open = pieces.findIndex(({ kind }) => kind !== "text" && kind !== "name");
  const [before, others] = [constantOf(pieces.slice(0, open)) ?? "", pieces.slice(open)];
  const [, name, operator, start = ""] =
    /^\s*([^\s:#=?+]+)\s*(:{0,3}=|\?=|\+=)\s*([^\n]*)$/.exec(before) ?? [];
  const isOneLine = others.every((piece) => piece.kind !== "text" || !piece.text.includes("\n"));
  if (name === undefined || !isOneLine || unknownIn(others) !== undefined) return false;
  const sign = operator === "?=" || operator === "+=" ? operator : ":=";
  host.define({ name, operator: sign }, [...textPieces(start), ...others]);
  return true;
}

/** The text of a makefile that expands to these pieces; undefined where there is none. */
function asMakeText(pieces: Pieces): string | undefined {
  // What is known is read as it stands: its dollar signs are those of the text that is evaluated.
  const known = constantOf(pieces);
  if (known !== undefined) return known;
  const parts = pieces.map((piece: Piece) => {
    switch (piece.kind) {
      case "text":
      case "name":
        return piece.text;
      case "default":
        return `$(${piece.name})`;
      case "once":
        return `$(${piece.variable ?? piece.name})`;
      case "folder":
        return "$(CURDIR)";
      default:
        return undefined;
    }
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}

const askedVariable = (call: FunctionCall): Variable | undefined => {
  const name = call.assumed(whole(call).trim());
  return name === undefined ? undefined : call.host.variable(name);
};

function valueOf(call: FunctionCall): Pieces {
  const value = askedVariable(call)?.value;
  return value === undefined ? [] : typeof value === "string" ? textPieces(value) : value;
}

/** Where a variable comes from: the environment may have what the file does not set. */
function originOf(call: FunctionCall): Pieces {
  const name = call.assumed(whole(call).trim()) ?? "";
  const variable = call.host.variable(name);
  const unset = variable !== undefined ? "file" : BUILT_IN.has(name) ? "default" : "undefined";
  const isOutside =
    variable === undefined ? !/^(?:MAKE.*|SHELL)$/.test(name) : variable.flavor === "optional";
  if (!isOutside || !/^[A-Za-z_]\w*$/.test(name)) return textPieces(unset);
  // The default stands for what is printed where nothing is set.
  return [
    {
      kind: "run",
      command: textPieces(`if [ -n "\${${name}+x}" ]; then echo environment; else echo ${unset}; fi`),
      usual: unset,
    },
  ];
}

function flavorOf(call: FunctionCall): Pieces {
  const flavor = askedVariable(call)?.flavor;
  return textPieces(flavor === undefined ? "undefined" : flavor === "simple" ? "simple" : "recursive");
}

function fail(call: FunctionCall): Pieces {
  const message = call.expand(whole(call));
  call.host.fail(defaultOf(message) ?? whole(call));
  return [unknownPiece(`$(error ${whole(call)})`, "make would stop here")];
}

function absolute(value: Pieces): Pieces {
  if (value.some(({ kind }) => kind === "folder")) {
    return value
      .map((piece) => (piece.kind === "text" ? { ...piece, text: piece.text.replace(/\/\.?$/, "") } : piece))
      .filter((piece) => piece.kind !== "text" || piece.text !== "");
  }
  const text = constantOf(value);
  if (text === undefined)
    return [unknownPiece("$(abspath …)", "what it works on is only known when it runs")];
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word, index) => [
      ...(index === 0 ? [] : textPieces(" ")),
      ...(word.startsWith("/")
        ? textPieces(word)
        : [{ kind: "folder" } as const, ...textPieces(belowFolder(word))]),
    ]);
}

/** A path of words as it stands below the folder. */
function belowFolder(word: string): string {
  const clean = word.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
  return clean === "" || clean === "." ? "" : `/${clean}`;
}
