/**
 * Static types: a set of the kinds that a value may have, as a bit mask, so that `env.NAME` is "environment string or
 * null". `dynamic` marks data whose shape is known only when it is there (`vars`, `json()`): the checker accepts what
 * could hold and the evaluator decides.
 */
export interface ExprType {
  readonly kinds: number;
  /** Of the array's elements; absent where nothing is known about them. */
  readonly element?: ExprType;
}

export const STRING = 1;
/** A string from the environment, which compares with numbers. */
export const ENV = 2;
export const NUMBER = 4;
export const DURATION = 8;
export const BOOLEAN = 16;
export const NULL = 32;
export const ARRAY = 64;
export const OBJECT = 128;
const DYNAMIC = 256;

export const ANY_STRING = STRING | ENV;
const ALL = ANY_STRING | NUMBER | DURATION | BOOLEAN | NULL | ARRAY | OBJECT;
/** Kinds that may stand where a yes or no is asked. */
export const CONDITION = ANY_STRING | BOOLEAN | NULL;

export const types = {
  string: { kinds: STRING },
  nullableString: { kinds: STRING | NULL },
  env: { kinds: ENV | NULL },
  setEnv: { kinds: ENV },
  number: { kinds: NUMBER },
  nullableNumber: { kinds: NUMBER | NULL },
  duration: { kinds: DURATION },
  boolean: { kinds: BOOLEAN },
  nullableBoolean: { kinds: BOOLEAN | NULL },
  null: { kinds: NULL },
  strings: { kinds: ARRAY, element: { kinds: STRING } },
  stringOrNumber: { kinds: STRING | NUMBER },
  container: { kinds: STRING | ARRAY | OBJECT },
  dynamic: { kinds: ALL | DYNAMIC },
} as const satisfies Record<string, ExprType>;

export const isDynamic = (type: ExprType): boolean => (type.kinds & DYNAMIC) !== 0;

/** The type of elements, or dynamic where nothing is known. */
export const elementOf = (type: ExprType): ExprType => type.element ?? types.dynamic;

/** What a value of either type may be. */
export function union(a: ExprType, b: ExprType): ExprType {
  const kinds = a.kinds | b.kinds;
  const left = (a.kinds & ARRAY) !== 0;
  const right = (b.kinds & ARRAY) !== 0;
  const known = (!left || a.element !== undefined) && (!right || b.element !== undefined);
  if (!known || (!left && !right)) return { kinds };
  const none: ExprType = { kinds: 0 };
  return { kinds, element: union(a.element ?? none, b.element ?? none) };
}

/** Whether every kind of the type is among `allowed`; for dynamic types, whether one is. */
export function fits(type: ExprType, allowed: number): boolean {
  const wide = (allowed & STRING) === 0 ? allowed : allowed | ENV;
  if (isDynamic(type)) return (type.kinds & wide) !== 0;
  return (type.kinds & ~wide) === 0;
}

/** Whether `==` is defined between the types: same kinds, environment strings with numbers, null with everything. */
export function canEqual(a: ExprType, b: ExprType): boolean {
  const left = withoutNull(a);
  const right = withoutNull(b);
  return left.kinds === 0 || right.kinds === 0 || pairsHold(left, right, equalPartners);
}

/** Whether `<` is defined between the types; null is left to run time, as it may be a variable that is not set. */
export function canOrder(a: ExprType, b: ExprType): boolean {
  const left = withoutNull(a);
  const right = withoutNull(b);
  if (left.kinds === 0 || right.kinds === 0) return false;
  return pairsHold(left, right, orderPartners);
}

/** Whether `+` is defined between the types. */
export function canAdd(a: ExprType, b: ExprType): boolean {
  const left = withoutNull(a);
  const right = withoutNull(b);
  if (left.kinds === 0 || right.kinds === 0) return false;
  return pairsHold(left, right, addPartners);
}

/** The type of a sum of two operands that can be added. */
export function sumOf(a: ExprType, b: ExprType): ExprType {
  if (isDynamic(a)) return isDynamic(b) ? types.dynamic : sumOf(b, b);
  const number = a.kinds & (NUMBER | DURATION);
  return { kinds: number | ((a.kinds & ANY_STRING) === 0 ? 0 : STRING) };
}

export const withoutNull = (type: ExprType): ExprType => ({ ...type, kinds: type.kinds & ~NULL });

function pairsHold(a: ExprType, b: ExprType, partners: (kind: number) => number): boolean {
  const lenient = isDynamic(a) || isDynamic(b);
  for (let kind = 1; kind < DYNAMIC; kind <<= 1) {
    if ((a.kinds & kind) === 0) continue;
    const allowed = partners(kind);
    if (lenient && (b.kinds & allowed) !== 0) return true;
    if (!lenient && (b.kinds & ~allowed) !== 0) return false;
  }
  return !lenient;
}

function equalPartners(kind: number): number {
  if (kind === ENV) return ANY_STRING | NUMBER;
  if (kind === STRING) return ANY_STRING;
  return kind === NUMBER ? NUMBER | ENV : kind;
}

function orderPartners(kind: number): number {
  return kind === BOOLEAN || kind === ARRAY || kind === OBJECT ? 0 : equalPartners(kind);
}

function addPartners(kind: number): number {
  if (kind === ENV || kind === STRING) return ANY_STRING;
  return kind === NUMBER || kind === DURATION ? kind : 0;
}

const WORDS: readonly (readonly [number, string])[] = [
  [ANY_STRING, "string"],
  [NUMBER, "number"],
  [DURATION, "duration"],
  [BOOLEAN, "boolean"],
  [ARRAY, "array"],
  [OBJECT, "object"],
  [NULL, "null"],
];

/** The type as people read it: `string or null`, `array of string`, `anything`. */
export function describeType(type: ExprType): string {
  if (isDynamic(type)) return "anything";
  const words: string[] = [];
  for (const [mask, word] of WORDS) {
    if ((type.kinds & mask) === 0) continue;
    const known = mask === ARRAY && type.element !== undefined && type.element.kinds !== 0;
    words.push(known && type.element !== undefined ? `array of ${describeType(type.element)}` : word);
  }
  return words.join(" or ");
}
