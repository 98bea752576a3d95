/** Words that YAML 1.1 or 1.2 takes for something else than a text. */
const OTHER = /^(?:true|false|yes|no|on|off|y|n|null|~)$/i;
/** A text that means itself without quotes; numbers and dates begin otherwise. */
const PLAIN = /^[A-Za-z_/][\w ./@+^-]*$/;

/** Plain data as YAML 1.2 in block style; texts that could mean something else are quoted as in JSON. */
export const yamlText = (value: object): string => `${inner(value, "")}\n`;

function block(value: unknown, indent: string): string {
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${inner(item, `${indent}  `).trimStart()}`).join("\n");
  return Object.entries(value ?? {})
    .map(
      ([name, item]) => `${indent}${scalar(name)}:${isBlock(item) ? "\n" : " "}${inner(item, `${indent}  `)}`,
    )
    .join("\n");
}

const isBlock = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

function inner(value: unknown, indent: string): string {
  if (isBlock(value)) return block(value, indent);
  if (Array.isArray(value)) return "[]";
  return typeof value === "object" && value !== null ? "{}" : scalar(value);
}

function scalar(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) && !OTHER.test(value) && !value.endsWith(" ") ? value : JSON.stringify(value);
}
