import { keyToToml } from "#core/config/toml/edit";
import { formatToml } from "#core/config/toml/format";
import { printToml, type Printable } from "#core/config/toml/print-value";
import type { ConvertedFile, ConvertedTask } from "./conversion";

/** Sections that are tables of tables: each entry gets a header of its own. */
const HEADED = new Set([
  "defaults",
  "templates",
  "groups",
  "concurrency",
  "profiles",
  "workflows",
  "services",
  "plugins",
]);

/** Strings in these keys keep their line breaks in the text. */
type Comments = Readonly<Record<string, readonly string[]>> | undefined;

/**
 * The text of a converted file in the layout of `zr fmt`, comments above what they belong to. The text is TOML for
 * every input; whether it is a valid configuration is for the loader to say.
 */
export function writeConversion(file: ConvertedFile): string {
  const lines: string[] = [...commentLines(file.comments)];
  if (lines.length > 0) lines.push("");
  const sections: Readonly<Record<string, Printable | undefined>> = printable(file.sections ?? {});
  for (const [name, value] of Object.entries(sections)) {
    // Keys outside of tables come before all headers.
    if (value === undefined || isTable(value) || isListOfTables(value)) continue;
    lines.push(...commentLines(file.sectionComments?.[name]), `${keyToToml(name)} = ${printToml(value)}`);
  }
  for (const [name, value] of Object.entries(sections))
    if (value !== undefined) lines.push(...sectionLines(name, value, file.sectionComments));
  for (const task of file.tasks) lines.push("", ...taskLines(task));
  const rest = (file.rest ?? []).join("\n").replace(/^\n+/, "").trimEnd();
  if (rest !== "") lines.push("", ...commentLines([rest]));
  const text = `${lines.join("\n").replace(/^\n+/, "")}\n`;
  const formatted = formatToml(text);
  return formatted.ok ? formatted.value : text;
}

function sectionLines(name: string, value: Printable, comments: Comments): readonly string[] {
  const above = commentLines(comments?.[name]);
  if (isListOfTables(value))
    return value.flatMap((item) => [
      "",
      ...above,
      `[[${keyToToml(name)}]]`,
      ...pairLines(item, undefined, ""),
    ]);
  if (!isTable(value)) return [];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return [];
  const plain = HEADED.has(name) ? entries.filter(([, item]) => !isTable(item)) : entries;
  const headed = HEADED.has(name) ? entries.filter(([, item]) => isTable(item)) : [];
  const own =
    plain.length === 0
      ? above.length === 0
        ? []
        : ["", ...above]
      : ["", ...above, `[${keyToToml(name)}]`, ...pairLines(Object.fromEntries(plain), comments, `${name}.`)];
  return [
    ...own,
    ...headed.flatMap(([key, item]) => [
      "",
      ...commentLines(comments?.[`${name}.${key}`]),
      `[${keyToToml(name)}.${keyToToml(key)}]`,
      ...pairLines(isTable(item) ? item : {}, undefined, ""),
    ]),
  ];
}

function taskLines({ name, table, comments, keyComments }: ConvertedTask): readonly string[] {
  const fields = printable(table);
  return [...commentLines(comments), `[tasks.${keyToToml(name)}]`, ...pairLines(fields, keyComments, "")];
}

type PrintableTable = Readonly<Record<string, Printable | undefined>>;

function pairLines(table: PrintableTable, comments: Comments, prefix: string): readonly string[] {
  return Object.entries(table).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const above = commentLines(comments?.[prefix + key]);
    const start = `${keyToToml(key)} = `;
    const hasInner = Array.isArray(value) && value.some((_, index) => comments?.[`${prefix}${key}.${index}`]);
    if (!hasInner || !Array.isArray(value)) return [...above, start + printToml(value)];
    const items = (value as readonly Printable[]).flatMap((item, index) => [
      ...commentLines(comments?.[`${prefix}${key}.${index}`]).map((line) => `  ${line}`),
      `  ${printToml(item)},`,
    ]);
    return [...above, `${start}[`, ...items, "]"];
  });
}

/** Lines that are comments whatever the text holds. */
function commentLines(comments: readonly string[] | undefined): readonly string[] {
  return (
    (comments ?? [])
      .flatMap((text) => text.split(/\r\n|\r|\n/))
      // oxlint-disable-next-line no-control-regex -- TOML 1.0, "Comment": these stand in no comment.
      .map((line) =>
        line
          .toWellFormed()
          .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "�")
          .trimEnd(),
      )
      .map((line) => (line === "" ? "#" : `# ${line}`))
  );
}

const isTable = (value: Printable | undefined): value is PrintableTable =>
  typeof value === "object" && !Array.isArray(value);

const isListOfTables = (value: Printable): value is readonly PrintableTable[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isTable(item as Printable));

// The schema's types hold nothing but what TOML has; `vars` and the like are `unknown` there.
const printable = (value: object): PrintableTable => value as PrintableTable;
