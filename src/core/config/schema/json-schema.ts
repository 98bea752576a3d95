import { readValues } from "#core/config/toml/read-values";
import type { Field, Kind, MapKind, StringFormat, TableKind } from "./kinds";
import { document } from "./sections";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** What a text of a format looks like, as far as JSON Schema can say it. */
export const formatSchema = (format: StringFormat): JsonSchema => FORMATS[format];

/** The schema of zr.toml for editors and other programs: JSON Schema, draft 2020-12. */
export function configurationSchema(): JsonSchema {
  const { fields } = document;
  const shared: readonly (readonly [string, Kind])[] = [
    ["env", fields.env.kind],
    ["taskTable", fields.tasks.kind.value.options[1]],
    ["task", fields.tasks.kind.value],
    ["global", fields.global.kind],
  ];
  const names = new Map(shared.map(([name, kind]) => [kind, name]));
  const walk: Walk = (kind) => {
    const name = names.get(kind);
    return name === undefined ? schemaOf(kind, walk) : { $ref: `#/$defs/${name}` };
  };
  return {
    $schema: DRAFT,
    title: "zr.toml",
    description: "The configuration of zr.",
    ...schemaOf(document, walk),
    $defs: Object.fromEntries(shared.map(([name, kind]) => [name, schemaOf(kind, walk)])),
    "x-taplo-info": {
      authors: ["zr"],
      patterns: ["^(.*(/|\\\\)zr(\\.local)?\\.toml|zr(\\.local)?\\.toml)$"],
    },
  };
}

type Walk = (kind: Kind) => JsonSchema;

function schemaOf(kind: Kind, walk: Walk): JsonSchema {
  switch (kind.type) {
    case "string":
      return { type: "string", ...(kind.format === undefined ? {} : FORMATS[kind.format]) };
    case "enum":
      return { type: "string", enum: kind.values };
    case "literal":
      return { const: kind.value };
    case "integer":
    case "number":
      return { type: kind.type, minimum: kind.min, maximum: kind.max };
    case "boolean":
      return { type: "boolean" };
    case "any":
      return {};
    case "list":
      return { type: "array", items: walk(kind.item), ...(kind.nonEmpty ? { minItems: 1 } : {}) };
    case "map":
      return { type: "object", ...keysOf(kind), additionalProperties: walk(kind.value) };
    case "table":
      return tableSchema(kind, walk);
    case "union":
      return { anyOf: kind.options.map(walk) };
  }
}

function tableSchema(kind: TableKind, walk: Walk): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(kind.fields).map(([name, field]) => [name, fieldSchema(field, walk)]),
  );
  return {
    type: "object",
    properties,
    ...(kind.required.length === 0 ? {} : { required: kind.required }),
    additionalProperties: false,
  };
}

function fieldSchema(field: Field, walk: Walk): JsonSchema {
  const fallback = field.default === undefined ? undefined : tomlValue(field.default);
  const example = field.example === undefined ? undefined : tomlValue(field.example);
  // A default that depends on something is told in words.
  const note = field.default !== undefined && fallback === undefined ? ` Default: ${field.default}.` : "";
  const later = field.later === undefined ? "" : ` Not available in this version (${field.later}).`;
  return {
    ...walk(field.kind),
    description: `${field.doc}${note}${later}`,
    ...(fallback === undefined ? {} : { default: fallback.value }),
    ...(example === undefined ? {} : { examples: [example.value] }),
    ...(field.later === undefined ? {} : { deprecated: true }),
  };
}

/** The value of a TOML text; undefined where it is none, but a phrase. */
function tomlValue(text: string): { readonly value: unknown } | undefined {
  const read = readValues(`value = ${text}`);
  return read.ok && Object.keys(read.value).join() === "value" ? { value: read.value["value"] } : undefined;
}

function keysOf(kind: MapKind): JsonSchema {
  switch (kind.keys) {
    case "task-name":
      // With stars for pattern tasks.
      return { propertyNames: { pattern: "^[\\p{L}\\p{N}_*][\\p{L}\\p{N}_\\-./:*]*$" } };
    case "env-name":
      return { propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } };
    case "name":
    case "glob":
    case "path":
      return { propertyNames: { minLength: 1 } };
  }
}

const DURATION = "(\\d+(\\.\\d+)?(ms|[smhdw]))+";
const SIZE = "\\d+(\\.\\d+)?\\s*[KkMmGgTt]?[Ii]?[Bb]";
const PERCENT = "\\d+(\\.\\d+)?%";

/** What a format looks like, where a pattern can say it; none is stricter than zr itself. */
const FORMATS: Readonly<Record<StringFormat, JsonSchema>> = {
  duration: { pattern: `^${DURATION}$` },
  size: { pattern: `^${SIZE}$` },
  "size-or-percent": { pattern: `^(${SIZE}|${PERCENT})$` },
  percent: { pattern: `^${PERCENT}$` },
  glob: { minLength: 1 },
  regex: { format: "regex" },
  expression: {},
  template: {},
  command: { pattern: "\\S" },
  "task-name": { pattern: "^[\\p{L}\\p{N}_][\\p{L}\\p{N}_\\-./:]*$" },
  "task-ref": { pattern: "^\\S+$" },
  "stage-name": { pattern: "^[\\p{L}\\p{N}_]([\\p{L}\\p{N}_ \\-./:]*[\\p{L}\\p{N}_])?$" },
  "matrix-axis": { pattern: "^matrix\\.[\\w-]+$" },
  path: { minLength: 1 },
  signal: { pattern: "^(SIG)?[A-Z0-9]+$" },
  "env-name": { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
  platform: { pattern: "^(linux|darwin|macos|windows)(/(x64|x86_64|amd64|arm64|aarch64))?$" },
  version: { pattern: "^v?\\d+(\\.\\d+){0,2}(-[\\w.]+)?$" },
  "profile-name": { minLength: 1 },
  "package-name": { pattern: "^\\S+$" },
  redirect: { pattern: "^(null|inherit|file\\+?:[\\s\\S]+)$" },
  "ssh-host": { pattern: "^(?!-)\\S+$" },
  "run-on": { pattern: "^(host|remote|(service|container):[\\s\\S]+)$" },
};
