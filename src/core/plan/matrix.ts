import type { Result } from "#base/result";

/** One combination: names and values as text, in the order of the table's keys. */
export type Combination = Readonly<Record<string, string>>;

const MAX_COMBINATIONS = 10_000;
// Values stand in the names of instances.
const CONTROL = /\p{Cc}/u;
/** The one combination of a task without a matrix. */
const PLAIN: Combination = {};
const NONE: readonly Combination[] = [PLAIN];

/**
 * The combinations of a `matrix` table, in the order of its lists, the last key turning fastest. `exclude` takes out
 * those that have all of an entry's values; an `include` entry adds its further keys to the combinations that it agrees
 * with in every key of the matrix, and is a combination of its own where there is none (the rule of GitHub Actions).
 */
export function expandMatrix(
  matrix: Readonly<Record<string, unknown>> | undefined,
): Result<readonly Combination[], string> {
  if (matrix === undefined) return { ok: true, value: NONE };
  const axes: [string, readonly string[]][] = [];
  for (const [name, values] of Object.entries(matrix)) {
    if (name === "include" || name === "exclude") continue;
    const texts = Array.isArray(values) ? values.map(scalarText) : [undefined];
    if (texts.some((text) => text === undefined))
      return {
        ok: false,
        error: `'${name}' must be a list of strings, numbers or booleans, without control characters`,
      };
    axes.push([name, texts.filter((text) => text !== undefined)]);
  }
  const include = tables(matrix["include"]);
  const exclude = tables(matrix["exclude"]);
  if (include === undefined || exclude === undefined)
    return { ok: false, error: "'include' and 'exclude' must be lists of tables" };
  if (axes.reduce((product, [, values]) => product * values.length, 1) > MAX_COMBINATIONS) {
    return { ok: false, error: `more than ${MAX_COMBINATIONS} combinations` };
  }
  const product = axes.length === 0 ? [] : cartesian(axes);
  const kept = product.filter(
    (combination) => !exclude.some((entry) => agrees(combination, entry, Object.keys(entry))),
  );
  const names = axes.map(([name]) => name);
  const combinations: Record<string, string>[] = kept.map((combination) => ({ ...combination }));
  const originals = combinations.length;
  for (const entry of include) {
    const shared = names.filter((name) => Object.hasOwn(entry, name));
    const fitting = combinations
      .slice(0, originals)
      .filter((combination) => agrees(combination, entry, shared));
    if (fitting.length === 0 || (shared.length === 0 && originals === 0)) combinations.push({ ...entry });
    else for (const combination of fitting) Object.assign(combination, entry);
  }
  // A task that would silently not be run at all is nobody's wish.
  if (combinations.length === 0) return { ok: false, error: "it has no combination" };
  return { ok: true, value: combinations };
}

function cartesian(axes: readonly [string, readonly string[]][]): Record<string, string>[] {
  let rows: Record<string, string>[] = [{}];
  for (const [name, values] of axes)
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  return rows;
}

const agrees = (combination: Combination, entry: Combination, names: readonly string[]): boolean =>
  names.every((name) => combination[name] === entry[name]);

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return CONTROL.test(value) ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function tables(value: unknown): Combination[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const rows: Record<string, string>[] = [];
  for (const item of value) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
    const row: Record<string, string> = {};
    for (const [name, entry] of Object.entries(item)) {
      const text = scalarText(entry);
      if (text === undefined) return undefined;
      row[name] = text;
    }
    rows.push(row);
  }
  return rows;
}

/** `[os=linux,arch=x64]`, or nothing for the one empty combination. */
export function matrixSuffix(combination: Combination): string {
  if (combination === PLAIN) return "";
  const parts = Object.entries(combination).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? "" : `[${parts.join(",")}]`;
}
