/**
 * The words in which the schema of `zr.toml` is written. A kind is data: the checker walks it, and types, JSON Schema,
 * documentation, completion and hover are derived from it.
 */
export type StringFormat =
  | "duration"
  | "size"
  | "size-or-percent"
  | "percent"
  | "glob"
  | "regex"
  | "expression"
  | "template"
  | "command"
  | "task-name"
  | "task-ref"
  | "stage-name"
  | "matrix-axis"
  | "path"
  | "signal"
  | "env-name"
  | "platform"
  | "version"
  | "profile-name"
  | "package-name"
  | "redirect"
  | "ssh-host"
  | "run-on";

export interface StringKind {
  readonly type: "string";
  readonly format?: StringFormat;
}
export interface EnumKind<V extends string = string> {
  readonly type: "enum";
  readonly values: readonly V[];
}
export interface LiteralKind<V extends boolean = boolean> {
  readonly type: "literal";
  readonly value: V;
}
export interface IntegerKind {
  readonly type: "integer";
  readonly min: number;
  readonly max: number;
}
export interface NumberKind {
  readonly type: "number";
  readonly min: number;
  readonly max: number;
}
export interface BooleanKind {
  readonly type: "boolean";
}
export interface AnyKind {
  readonly type: "any";
}
export interface ListKind<I = Kind> {
  readonly type: "list";
  readonly item: I;
  readonly nonEmpty: boolean;
}
export interface MapKind<V = Kind> {
  readonly type: "map";
  readonly value: V;
  /** What the keys are, for messages and checks. */
  readonly keys: "name" | "task-name" | "env-name" | "glob" | "path";
}
export interface TableKind<F = Fields> {
  readonly type: "table";
  readonly fields: F;
  readonly required: readonly string[];
}
export interface UnionKind<O = readonly Kind[]> {
  readonly type: "union";
  readonly options: O;
}

export type Kind =
  | StringKind
  | EnumKind
  | LiteralKind
  | IntegerKind
  | NumberKind
  | BooleanKind
  | AnyKind
  | ListKind
  | MapKind
  | TableKind
  | UnionKind;

export interface Field<K = Kind> {
  readonly kind: K;
  /** What it does, in Markdown, without the name in front. */
  readonly doc: string;
  /** The default as it would be written in TOML, or a phrase where it depends. */
  readonly default?: string;
  /** A TOML value as an example. */
  readonly example?: string;
  /** Named where this version checks the key but can't act on it yet; using it is refused. */
  readonly later?: string;
}
export interface Fields {
  readonly [name: string]: Field;
}

/** The TypeScript type of the values that a kind accepts. */
export type ValueOf<K> = K extends StringKind
  ? string
  : K extends EnumKind<infer V>
    ? V
    : K extends LiteralKind<infer V>
      ? V
      : K extends IntegerKind | NumberKind
        ? number
        : K extends BooleanKind
          ? boolean
          : K extends ListKind<infer I>
            ? readonly ValueOf<I>[]
            : K extends MapKind<infer V>
              ? { readonly [key: string]: ValueOf<V> }
              : K extends TableKind<infer F>
                ? TableValue<F>
                : K extends UnionKind<infer O>
                  ? O extends readonly unknown[]
                    ? ValueOf<O[number]>
                    : never
                  : unknown;

type TableValue<F> = {
  readonly [N in keyof F]?: F[N] extends Field<infer K> ? ValueOf<K> : never;
};

export const string: StringKind = { type: "string" };
export const formatted = (format: StringFormat): StringKind => ({ type: "string", format });
export const duration = formatted("duration");
export const expression = formatted("expression");
export const glob = formatted("glob");
export const boolean: BooleanKind = { type: "boolean" };
export const any: AnyKind = { type: "any" };
export const integer = (min = 0, max = Number.MAX_SAFE_INTEGER): IntegerKind => ({
  type: "integer",
  min,
  max,
});
export const number = (min: number, max: number): NumberKind => ({ type: "number", min, max });
export const literal = <const V extends boolean>(value: V): LiteralKind<V> => ({
  type: "literal",
  value,
});
export const oneOf = <const V extends string>(...values: readonly V[]): EnumKind<V> => ({
  type: "enum",
  values,
});
export const list = <const I extends Kind>(item: I): ListKind<I> => ({
  type: "list",
  item,
  nonEmpty: false,
});
export const nonEmptyList = <const I extends Kind>(item: I): ListKind<I> => ({
  type: "list",
  item,
  nonEmpty: true,
});
export const map = <const V extends Kind>(value: V, keys: MapKind["keys"] = "name"): MapKind<V> => ({
  type: "map",
  value,
  keys,
});
/** The fields are made when they are first asked for: a command pays for the sections that its files have. */
export const table = <const F extends Fields>(
  fields: () => F,
  required: readonly (keyof F & string)[] = [],
): TableKind<F> => {
  let made: F | undefined;
  return {
    type: "table",
    get fields() {
      return (made ??= fields());
    },
    required,
  };
};
export const union = <const O extends readonly Kind[]>(...options: O): UnionKind<O> => ({
  type: "union",
  options,
});
/** One value or several. */
export const oneOrMany = <const K extends Kind>(kind: K): UnionKind<readonly [K, ListKind<K>]> =>
  union(kind, list(kind));
