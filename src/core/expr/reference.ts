import { exprDiagnosticCodes } from "./codes";
import { exprFunctions, formatSignature } from "./functions";
import { exprNames } from "./names";
import type { ExprName } from "./names";
import { describeType } from "./types";

/** The reference section of the expression guide as Markdown, made from the tables of names, functions and codes. */
export function expressionReference(): string {
  return [
    "## Reference",
    "",
    "### Names",
    "",
    table(["name", "type", "meaning", "example"], exprNames.flatMap(nameRows)),
    "",
    "### Functions",
    "",
    table(["function", "meaning", "example"], exprFunctions.map(functionRow)),
    "",
    "### Errors",
    "",
    table(["code", "message", "meaning", "example"], Object.entries(exprDiagnosticCodes).map(codeRow)),
    "",
  ].join("\n");
}

type Row = readonly string[];

function nameRows(entry: ExprName): Row[] {
  const { shape } = entry;
  const example = inCode(entry.example);
  switch (shape.kind) {
    case "value":
      return [[inCode(entry.name), describeType(shape.type), entry.doc, example]];
    case "keys": {
      const type = shape.of === "env" ? "string or null" : "as declared";
      return [[inCode(`${entry.name}.NAME`), type, entry.doc, example]];
    }
    case "fields":
    case "results": {
      const prefix = shape.kind === "results" ? `${entry.name}['NAME']` : entry.name;
      const fields = shape.fields.map((field) => [
        inCode(`${prefix}.${field.name}`),
        describeType(field.type),
        field.doc,
        "",
      ]);
      return [[inCode(prefix), "", entry.doc, example], ...fields];
    }
  }
}

const functionRow = (entry: (typeof exprFunctions)[number]): Row => [
  inCode(formatSignature(entry, describeType)),
  entry.doc,
  inCode(entry.example),
];

const codeRow = ([name, entry]: readonly [
  string,
  { message: string; doc: string; example: string },
]): Row => [name, entry.message, entry.doc, entry.example === "" ? "" : inCode(entry.example)];

function table(head: Row, rows: readonly Row[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(escapePipes).join(" | ")} |`)
    .join("\n");
}

const inCode = (text: string): string => `\`${text}\``;
const escapePipes = (text: string): string => text.replaceAll("|", "\\|");
