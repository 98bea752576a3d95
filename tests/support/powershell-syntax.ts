import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Language, Parser } from "@vscode/tree-sitter-wasm";
import type { Node } from "@vscode/tree-sitter-wasm";
import { REPOSITORY } from "./binary";

const GRAMMAR = join(REPOSITORY, "node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm");

let ready: Promise<Parser> | undefined;

async function makeParser(): Promise<Parser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(GRAMMAR)));
  return parser;
}

/** What stands in a PowerShell script, as a parser of the language sees it. */
export interface PowerShellScript {
  /** `LINE:COLUMN: text` of what is no PowerShell; empty for a script that can be run. */
  readonly mistakes: readonly string[];
  /** Names of commands that it calls, each once. */
  readonly commands: readonly string[];
  /** Names of the functions that it defines. */
  readonly functions: readonly string[];
  /** Names of variables that it reads and gives no value to; those of the environment, and functions, are left out. */
  readonly unset: readonly string[];
}

/** Parses a script without running it. */
export async function readPowerShell(text: string): Promise<PowerShellScript> {
  const tree = (await (ready ??= makeParser())).parse(text);
  if (tree === null) throw new Error("the parser was stopped");
  const root = tree.rootNode;
  const textsOf = (type: string): string[] => [
    ...new Set(root.descendantsOfType(type).flatMap((node) => (node === null ? [] : [node.text]))),
  ];
  const nameOf = (variable: string): string => variable.replace(/^[$@]\{?|\}$/g, "").toLowerCase();
  const given = new Set(
    root
      .descendantsOfType(["left_assignment_expression", "script_parameter", "foreach_statement"])
      .flatMap((node) => {
        const variables = node?.descendantsOfType("variable") ?? [];
        // `$wanted, $archive = …` gives a value to both; a parameter and a loop to the first that they name.
        const own = node?.type === "left_assignment_expression" ? variables : variables.slice(0, 1);
        return own.flatMap((variable) => (variable === null ? [] : [nameOf(variable.text)]));
      }),
  );
  const read = textsOf("variable")
    .map(nameOf)
    .filter((name) => !/^(env|function):/.test(name) && !given.has(name));
  return {
    mistakes: mistakesIn(root),
    commands: textsOf("command_name"),
    functions: textsOf("function_name"),
    unset: [...new Set(read)].sort(),
  };
}

function mistakesIn(node: Node): string[] {
  if (node.isError || node.isMissing) {
    const { row, column } = node.startPosition;
    return [`${row + 1}:${column + 1}: ${node.text.slice(0, 60) || `${node.type} is missing`}`];
  }
  return node.hasError ? node.children.flatMap((child) => (child === null ? [] : mistakesIn(child))) : [];
}
