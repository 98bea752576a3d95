import type { Field, Kind, TableKind } from "./kinds";
import { document, USER_SECTIONS } from "./sections";

/** All sections and keys of zr.toml as a Markdown page. */
export function renderReference(): string {
  const parts = ["# Configuration", "", ...INTRODUCTION, ""];
  parts.push("## Sections", "", "| section | meaning |", "| --- | --- |");
  const sections = Object.entries<Field>(document.fields);
  for (const [name, field] of sections) parts.push(`| [\`${name}\`](#${anchor(name)}) | ${meaning(field)} |`);
  for (const [name, field] of sections) parts.push("", ...sectionText(name, field));
  return `${parts.join("\n")}\n`;
}

const INTRODUCTION = [
  "`zr.toml` in a folder makes it a package; with `[workspace]` it is the root of one. `zr.local.toml` beside it changes or adds to it for one person and belongs into no repository. Both are TOML.",
  "",
  `The user's own file, \`~/.config/zr/config.toml\`, holds habits: ${USER_SECTIONS.map((name) => `\`[${name}]\``).join(", ")}.`,
  "",
  "Keys that are not in these tables are errors. Keys marked *later* are known and checked, but this version can't act on them and refuses them.",
];

function sectionText(name: string, field: Field): string[] {
  const tables = new Map<string, TableKind>();
  collect(title(name, field.kind), field.kind, tables);
  const lines = [`## ${name}`, "", meaning(field)];
  if (field.kind.type !== "table") lines.push("", `Type: ${typeText(field.kind)}.`);
  for (const [place, table] of tables) lines.push("", `### \`${place}\``, "", ...tableRows(table));
  return lines;
}

/** `[tasks.NAME]` for a map of tables, `[[constraints]]` for a list of them. */
function title(name: string, kind: Kind): string {
  if (kind.type === "map") return `[${name}.NAME]`;
  if (kind.type === "list") return `[[${name}]]`;
  return kind.type === "table" ? `[${name}]` : name;
}

/** The tables inside a kind by their places, outer ones first; one that stands at several places is shown at the first. */
function collect(place: string, kind: Kind, tables: Map<string, TableKind>): void {
  switch (kind.type) {
    case "table": {
      if ([...tables.values()].includes(kind) || isElsewhere(kind, place)) return;
      tables.set(place, kind);
      for (const [name, field] of Object.entries<Field>(kind.fields))
        collect(inside(place, name), field.kind, tables);
      return;
    }
    case "list":
      collect(place, kind.item, tables);
      return;
    case "map":
      collect(place, kind.value, tables);
      return;
    case "union":
      for (const option of kind.options) collect(place, option, tables);
      return;
    default:
  }
}

const inside = (place: string, name: string): string => `${place.replaceAll(/[[\]]/g, "")}.${name}`;

/** Tables that other sections repeat are shown in their own section only. */
function isElsewhere(kind: TableKind, place: string): boolean {
  const { fields } = document;
  const [, task] = fields.tasks.kind.value.options;
  const [, , env] = fields.env.kind.value.options;
  const homes: readonly (readonly [string, Kind])[] = [
    ["[tasks.NAME]", task],
    ["[env.NAME]", env],
    ["[global]", fields.global.kind],
    ["global.resources", fields.global.kind.fields.resources.kind],
    ["[watch]", fields.watch.kind],
    ["[cache]", fields.cache.kind],
  ];
  return homes.some(([home, table]) => table === kind && home !== place);
}

function tableRows(table: TableKind): string[] {
  const rows = Object.entries<Field>(table.fields).map(([name, field]) => {
    const required = table.required.includes(name) ? " Required." : "";
    const fallback = field.default === undefined ? "" : inCode(field.default);
    const example =
      field.example === undefined ? "" : `\`${cell(field.example.replaceAll("\n", String.raw`\n`))}\``;
    return `| \`${name}\` | ${typeText(field.kind)} | ${fallback} | ${meaning(field)}${required} | ${example} |`;
  });
  return ["| key | type | default | meaning | example |", "| --- | --- | --- | --- | --- |", ...rows];
}

const meaning = (field: Field): string =>
  cell(field.later === undefined ? field.doc : `${field.doc} *Later: ${field.later}.*`);

/** A default that is a value as code; a phrase as it is. */
const inCode = (text: string): string => cell(/^["[{\d]|^(true|false)$/.test(text) ? `\`${text}\`` : text);

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");

const anchor = (name: string): string => name.toLowerCase();

/** What a value looks like, in a few words. */
function typeText(kind: Kind): string {
  switch (kind.type) {
    case "string":
      return kind.format === undefined ? "string" : kind.format.replaceAll("-", " ");
    case "enum":
      return kind.values.map((value) => `\`"${value}"\``).join(String.raw` \| `);
    case "literal":
      return `\`${kind.value}\``;
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "any":
      return "any value";
    case "list":
      return `list of ${partText(kind.item)}`;
    case "map":
      return `table of ${partText(kind.value)}`;
    case "table":
      return "table";
    case "union":
      return [...new Set(kind.options.map(typeText))].join(" or ");
  }
}

const partText = (kind: Kind): string => (kind.type === "union" ? `(${typeText(kind)})` : typeText(kind));
