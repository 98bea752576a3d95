import { isTomlTable } from "#core/config/toml/values";
import type { PlanNode } from "./node";
import { declaredParameters } from "./parameters";
import type { Parameter } from "./parameters";

type Values = Readonly<Record<string, unknown>>;

/** What expressions see of a node, where that is not its texts. */
export interface TypedValues {
  readonly args?: Values;
  readonly matrix?: Values;
}

/**
 * The arguments and the matrix combination of a node as they are declared: numbers and booleans as such, null for an
 * argument that has no value. Commands, names and cache keys go by the texts; without this a `false` would be a text, and
 * a text is true. Nothing where all are texts.
 */
export function typedValues({
  task,
  params,
  matrix,
}: Pick<PlanNode, "task" | "params" | "matrix">): TypedValues {
  const { table } = task;
  const args = table.args === undefined ? undefined : argumentValues(declaredParameters(table), params);
  const combination = table.matrix === undefined ? undefined : combinationValues(table.matrix, matrix);
  return {
    ...(args === undefined ? {} : { args }),
    ...(combination === undefined ? {} : { matrix: combination }),
  };
}

/** A parameter's value as its type says, each of a variadic one's; null where it has none. */
export function typedValue({ type }: Parameter, value: string | readonly string[] | undefined): unknown {
  if (value === undefined) return null;
  if (type !== "number" && type !== "boolean") return value;
  const typed = (text: string): unknown => (type === "number" ? Number(text) : text === "true");
  return typeof value === "string" ? typed(value) : value.map(typed);
}

function argumentValues(declared: readonly Parameter[], params: PlanNode["params"]): Values | undefined {
  const values = declared.map(
    (parameter) => [parameter.name, typedValue(parameter, params[parameter.name])] as const,
  );
  return values.every(([name, value]) => value === params[name]) ? undefined : Object.fromEntries(values);
}

function combinationValues(table: Values, matrix: PlanNode["matrix"]): Values | undefined {
  const values = Object.entries(matrix).map(
    ([name, text]) => [name, declaredValue(table, name, text)] as const,
  );
  return values.every(([, value]) => typeof value === "string") ? undefined : Object.fromEntries(values);
}

/** The value of the dimension that is written so: of its list, or of a combination that is included. */
function declaredValue(table: Values, name: string, text: string): unknown {
  const included = Array.isArray(table["include"]) ? table["include"] : [];
  const values: readonly unknown[] = [
    ...(Array.isArray(table[name]) ? table[name] : []),
    ...included.map((entry: unknown) => (isTomlTable(entry) ? entry[name] : undefined)),
  ];
  const written = values.find((value) => String(value) === text);
  return typeof written === "number" || typeof written === "boolean" ? written : text;
}
