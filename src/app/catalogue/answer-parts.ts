/** The entries that say something: no undefined, no empty list or text, no `false`. */
export function compact<T extends Readonly<Record<string, unknown>>>(values: T): Compact<T> {
  const entries = Object.entries(values).filter(
    ([, value]) =>
      value !== undefined &&
      value !== null &&
      value !== "" &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0),
  );
  // A part of the same entries.
  return Object.fromEntries(entries) as Compact<T>;
}

export type Compact<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined | null> };

/** Of the budget of an answer, what the items of a list may take. */
export const LIST_SHARE = 0.8;

/** A glob as it is, any other text as a part of a name. */
export const looseGlob = (text: string): string => (/[*?[{]/.test(text) ? text : `*${text}*`);
