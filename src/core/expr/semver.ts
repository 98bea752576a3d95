/**
 * Versions and ranges by semver.org 2.0 and the range grammar of node-semver (`^1.2`, `~1.2.3`, `>=1 <3`, `1.x`,
 * `1.2 - 2.0`, `a || b`). Tools rarely print three numbers, so `20`, `1.22` and a leading `v` are versions as well.
 */
export interface Version {
  readonly numbers: readonly [number, number, number];
  /** How many of the three were written: 1 to 3. */
  readonly written: number;
  readonly pre: readonly (string | number)[];
}

const VERSION = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const WILDCARD = /\.[xX*]/g;
const OPERATOR = /^(\^|~>?|>=|<=|>|<|=)?\s*(.*)$/s;

type Comparator = (version: Version) => boolean;

interface Bound {
  readonly test: Comparator;
  /** The version the bound names, which decides whether pre-releases of it are let in. */
  readonly named: Version;
}

/** A range: any of its sets, each of which must hold whole. */
export type VersionRange = readonly (readonly Bound[])[];

/** The version in the text; undefined where it is none. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.trim());
  if (match === null) return undefined;
  const [, major = "0", minor, patch, pre] = match;
  const written = patch === undefined ? (minor === undefined ? 1 : 2) : 3;
  const numbers = [Number(major), Number(minor ?? 0), Number(patch ?? 0)] as const;
  const parts = pre === undefined ? [] : pre.split(".");
  if (parts.includes("")) return undefined;
  return { numbers, written, pre: parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)) };
}

/** Negative, zero or positive as `a` comes before, with or after `b`. */
export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index += 1) {
    const order = comparePre(a.pre[index], b.pre[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePre(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The range in the text; undefined where it is none. */
export function parseRange(text: string): VersionRange | undefined {
  const sets: Bound[][] = [];
  for (const part of text.split("||")) {
    const set = parseSet(part.trim());
    if (set === undefined) return undefined;
    sets.push(set);
  }
  return sets;
}

/** Whether the range holds the version. A pre-release needs a bound that names a pre-release of the same version. */
export function satisfies(version: Version, range: VersionRange): boolean {
  return range.some(
    (set) => set.every((bound) => bound.test(version)) && (version.pre.length === 0 || letsIn(set, version)),
  );
}

function letsIn(set: readonly Bound[], version: Version): boolean {
  return set.some(
    ({ named }) => named.pre.length > 0 && named.numbers.join(".") === version.numbers.join("."),
  );
}

function parseSet(text: string): Bound[] | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  if (hyphen !== null) return join(bounds(">=", hyphen[1] ?? ""), bounds("<=", hyphen[2] ?? ""));
  const set: Bound[] = [];
  for (const word of text.replace(/([<>=^~]+)\s+/g, "$1").split(/\s+/)) {
    const [, operator = "", rest = ""] = OPERATOR.exec(word) ?? [];
    const more = bounds(operator, rest);
    if (more === undefined) return undefined;
    set.push(...more);
  }
  return set;
}

function join(a: Bound[] | undefined, b: Bound[] | undefined): Bound[] | undefined {
  return a === undefined || b === undefined ? undefined : [...a, ...b];
}

/** The bounds that one operator with one, maybe partial, version stands for. */
function bounds(operator: string, text: string): Bound[] | undefined {
  const bare = text.replace(WILDCARD, "");
  if (bare === "" || /^[xX*]$/.test(bare)) return operator === "<" || operator === ">" ? [never()] : [];
  const version = parseVersion(bare);
  if (version === undefined) return undefined;
  const partial = version.written < 3;
  switch (operator) {
    case ">=":
      return [atLeast(version)];
    case "<":
      return [partial ? belowAnyOf(version) : below(version)];
    case ">":
      return partial ? [atLeast(raise(version, version.written - 1))] : [above(version)];
    case "<=":
      return partial ? [belowAnyOf(raise(version, version.written - 1))] : [atMost(version)];
    case "^":
      return [atLeast(version), belowAnyOf(raise(version, caretIndex(version)))];
    case "~":
    case "~>":
      return [atLeast(version), belowAnyOf(raise(version, version.written === 1 ? 0 : 1))];
    default:
      if (partial) return [atLeast(version), belowAnyOf(raise(version, version.written - 1))];
      return [{ named: version, test: (other) => compareVersions(other, version) === 0 }];
  }
}

/** The leftmost number that is not zero, or the last one written: what `^` may not change. */
function caretIndex(version: Version): number {
  const index = version.numbers.findIndex((number) => number !== 0);
  return index === -1 || index >= version.written ? version.written - 1 : index;
}

/** The first version after all that share the numbers up to `index`. */
function raise(version: Version, index: number): Version {
  const [major, minor, patch] = version.numbers;
  if (index === 0) return { numbers: [major + 1, 0, 0], written: 3, pre: [] };
  if (index === 1) return { numbers: [major, minor + 1, 0], written: 3, pre: [] };
  return { numbers: [major, minor, patch + 1], written: 3, pre: [] };
}

const atLeast = (named: Version): Bound => ({ named, test: (other) => compareVersions(other, named) >= 0 });
const above = (named: Version): Bound => ({ named, test: (other) => compareVersions(other, named) > 0 });
const atMost = (named: Version): Bound => ({ named, test: (other) => compareVersions(other, named) <= 0 });
const below = (named: Version): Bound => ({ named, test: (other) => compareVersions(other, named) < 0 });
/** Below all pre-releases of the version too: `<2` is `<2.0.0-0`. */
const belowAnyOf = (version: Version): Bound =>
  below(version.pre.length > 0 ? version : { ...version, pre: [0] });
const never = (): Bound => ({ named: { numbers: [0, 0, 0], written: 3, pre: [] }, test: () => false });
