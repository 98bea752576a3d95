import { textPieces, unknownIn, type Pieces } from "#core/migrate/pieces";
import type { Variable } from "./expansion-host";
import type { Assignment } from "./statements";

/** What a variable is after an assignment; undefined where it stays as it was. */
export function assigned(
  before: Variable | undefined,
  { name, operator, value }: Pick<Assignment, "name" | "operator" | "value">,
  expand: (text: string) => Pieces,
): Variable | undefined {
  switch (operator) {
    case "?=":
      return before === undefined ? { name, flavor: "optional", value } : undefined;
    case "=":
      return { name, flavor: "recursive", value };
    case ":=":
      return { name, flavor: "simple", value: once(name, expand(value)) };
    case "!=":
      return { name, flavor: "simple", value: [{ kind: "once", name, command: expand(value) }] };
    case "+=":
      return appended(before, { name, value }, expand);
  }
}

function appended(
  before: Variable | undefined,
  { name, value }: { readonly name: string; readonly value: string },
  expand: (text: string) => Pieces,
): Variable {
  if (before === undefined)
    return { name, flavor: "recursive", value: value === "" ? "" : inherited(name, value, expand) };
  if (typeof before.value === "string")
    return { ...before, value: before.value === "" ? value : `${before.value} ${value}` };
  const added = expand(value);
  return {
    ...before,
    value: before.value.length === 0 ? added : [...before.value, ...textPieces(" "), ...added],
  };
}

/** `X += y` where X is only known to the environment, if at all. */
function inherited(name: string, value: string, expand: (text: string) => Pieces): string | Pieces {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return value;
  return [{ kind: "text", text: `\${${name}:+$${name} }` }, ...expand(value)];
}

/** Whether something is in it that only a task has. */
const isOfTask = (pieces: Pieces): boolean =>
  pieces.some(
    (piece) =>
      piece.kind === "stem" ||
      piece.kind === "arguments" ||
      piece.kind === "param" ||
      ((piece.kind === "run" || piece.kind === "once") && isOfTask(piece.command)),
  );

/** A simple variable made by commands has its value for all uses. */
function once(variable: string, value: Pieces): Pieces {
  const [only, ...others] = value;
  const name = variable.replaceAll(/\W/g, "_");
  if (!/^[A-Za-z_]/.test(name) || unknownIn(value) !== undefined || isOfTask(value)) return value;
  const named = name === variable ? { name } : { name, variable };
  if (only?.kind === "run" && only.isSign === true) return value;
  if (only?.kind === "run" && others.length === 0) return [{ kind: "once", ...named, command: only.command }];
  const isPlain = value.every(
    (piece) => (piece.kind !== "text" && piece.kind !== "name") || /^[\w@%+:,./= -]*$/.test(piece.text),
  );
  if (!isPlain || !value.some(({ kind }) => kind === "run")) return value;
  return [{ kind: "once", ...named, command: [...textPieces('printf %s "'), ...value, ...textPieces('"')] }];
}
