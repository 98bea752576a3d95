import { constantOf, textPieces } from "#core/migrate/pieces";
import { isTable, type Table, textAt } from "#base/value-at";
import { isList, itemPieces, type TemplateValue } from "./template-value";
import { type Lookup } from "./template-filler";

export interface LoopOptions {
  readonly lookup: Lookup;
  /** Paths under a key of the task. */
  readonly globs: (key: string) => readonly string[];
}

/** The names that each round of `for` has; undefined where that is only known when it runs. */
export function loopRounds(
  given: unknown,
  { lookup, globs }: LoopOptions,
): readonly Readonly<Record<string, TemplateValue>>[] | undefined {
  if (Array.isArray(given))
    return given.map((item) => ({ ITEM: isTable(item) ? tableValue(item) : textPieces(String(item)) }));
  if (given === "sources" || given === "generates") {
    const paths = globs(given);
    return paths.length > 0 && paths.every((path) => !/[*?[{!]/.test(path))
      ? paths.map((path) => ({ ITEM: textPieces(path) }))
      : undefined;
  }
  if (!isTable(given)) return undefined;
  const as = textAt(given, "as") ?? "ITEM";
  const { matrix } = given;
  if (isTable(matrix)) {
    let rounds: readonly Readonly<Record<string, string>>[] = [{}];
    for (const [key, values] of Object.entries(matrix)) {
      if (!Array.isArray(values)) return undefined;
      rounds = rounds.flatMap((round) => values.map((value) => ({ ...round, [key]: String(value) })));
    }
    return rounds.map((entries) => ({ [as]: { kind: "table", entries } as const }));
  }
  const name = textAt(given, "var");
  const value = name === undefined ? undefined : lookup(name);
  if (value === undefined) return undefined;
  if (isList(value)) return value.items.map((item) => ({ [as]: itemPieces(item) }));
  if ("kind" in value)
    return value.kind === "table"
      ? Object.entries(value.entries).map(([key, item]) => ({
          [as]: textPieces(item),
          KEY: textPieces(key),
        }))
      : undefined;
  const text = constantOf(value);
  const split = textAt(given, "split");
  return text
    ?.split(split ?? /\s+/)
    .filter((item) => item !== "")
    .map((item) => ({ [as]: textPieces(item) }));
}

const tableValue = (table: Table): TemplateValue => ({
  kind: "table",
  entries: Object.fromEntries(Object.entries(table).map(([key, value]) => [key, String(value)])),
});
