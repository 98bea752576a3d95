import { keyToToml } from "./edit";

/** What can be printed; undefined entries of a table are left out. */
export type Printable =
  string | number | boolean | readonly Printable[] | { readonly [key: string]: Printable | undefined };

/** A value as TOML text on one line, but for strings of several lines, in the form that reads best. */
export function printToml(value: Printable): string {
  if (typeof value === "string") return printString(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(printToml).join(", ")}]`;
  const pairs = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${keyToToml(key)} = ${printToml(item)}`],
  );
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

const isList = (value: Printable): value is readonly Printable[] => Array.isArray(value);

/** Literal where quotes or backslashes would need escapes and it can be; on several lines where it has some. */
function printString(text: string): string {
  const needsEscapes = /["\\]/.test(text);
  // oxlint-disable-next-line no-control-regex -- TOML 1.0, "String": these stand in no literal string.
  const canBeLiteral = !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) && text.isWellFormed();
  const hasLines = text.includes("\n");
  if (hasLines && canBeLiteral && !text.includes("'''") && !text.endsWith("'")) return `'''\n${text}'''`;
  if (!hasLines && needsEscapes && canBeLiteral && !/['\t]/.test(text)) return `'${text}'`;
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", "\\u007f");
}
