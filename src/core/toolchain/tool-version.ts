/** A version as the publishers of tools write them: any count of numbers, and what is behind them. */
export interface ToolVersion {
  readonly numbers: readonly number[];
  /** `rc1` of `1.22rc1`, `beta.2` of `2.0.0-beta.2`; empty for a release. */
  readonly pre: string;
  /** Behind a plus sign: a later build of the same version. */
  readonly build: string;
}

const FORM =
  /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-_.]?([A-Za-z][0-9A-Za-z.-]*|-[0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;

/** The version in the text; undefined where it has no form that a tool uses. */
export function parseToolVersion(text: string): ToolVersion | undefined {
  const match = FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, numbers = "", pre = "", build = ""] = match;
  return { numbers: numbers.split(".").map(Number), pre, build };
}

/** Negative, zero or positive as `a` comes before, with or after `b`; a missing number counts as zero. */
export function compareToolVersions(a: ToolVersion, b: ToolVersion): number {
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index += 1) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if ((a.pre === "") !== (b.pre === "")) return a.pre === "" ? 1 : -1;
  return naturalOrder(a.pre, b.pre) || naturalOrder(a.build, b.build);
}

/** Runs of digits by their value, everything else by character. */
function naturalOrder(a: string, b: string): number {
  const split = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const left = split(a);
  const right = split(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [one, other] = [left[index], right[index]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? (one < other ? -1 : 1) : difference;
  }
  return 0;
}

/** Newest first; texts that are no versions come last, in their order. */
export function newestFirst<T extends { readonly version: string }>(items: readonly T[]): T[] {
  const parsed = items.map((item) => ({ item, version: parseToolVersion(item.version) }));
  return parsed
    .toSorted((a, b) => {
      if (a.version === undefined || b.version === undefined)
        return a.version === b.version ? 0 : a.version === undefined ? 1 : -1;
      return compareToolVersions(b.version, a.version);
    })
    .map(({ item }) => item);
}
