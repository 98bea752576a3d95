/** The part of JSON Schema (draft 2020-12) that inputs and outputs of operations are described in. Plain data. */
export type Schema =
  | TextSchema
  | NumberSchema
  | { readonly type: "boolean"; readonly description?: string }
  | ListSchema
  | ObjectSchema;

export interface TextSchema {
  readonly type: "string";
  readonly description?: string;
  readonly enum?: readonly string[];
  /** A regular expression that its value fits. */
  readonly pattern?: string;
}

export interface NumberSchema {
  readonly type: "integer" | "number";
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ListSchema {
  readonly type: "array";
  readonly description?: string;
  readonly items: Schema;
  readonly maxItems?: number;
}

export interface ObjectSchema {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** What other names may have for values; `false`: there are no others. */
  readonly additionalProperties?: Schema | boolean;
}

export const text = (description?: string): TextSchema => described({ type: "string" as const }, description);

export const oneOf = (values: readonly string[], description?: string): TextSchema =>
  described({ type: "string" as const, enum: values }, description);

export const count = (description?: string, maximum?: number): NumberSchema =>
  described(
    { type: "integer" as const, minimum: 0, ...(maximum === undefined ? {} : { maximum }) },
    description,
  );

export const flag = (description?: string): Schema => described({ type: "boolean" as const }, description);

export const listOf = (items: Schema, description?: string): ListSchema =>
  described({ type: "array" as const, items }, description);

/** A table of values by name. */
export const mapOf = (values: Schema | true, description?: string): ObjectSchema =>
  described({ type: "object" as const, properties: {}, additionalProperties: values }, description);

/** Names that end with `?` may be left out. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  options: { readonly isOpen?: boolean } = {},
): ObjectSchema {
  const entries = Object.entries(properties);
  const required = entries.filter(([name]) => !name.endsWith("?")).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ""), schema])),
    ...(required.length === 0 ? {} : { required }),
    ...(options.isOpen === true ? {} : { additionalProperties: false }),
  };
}

const described = <T extends object>(schema: T, description: string | undefined): T =>
  description === undefined ? schema : { ...schema, description };
