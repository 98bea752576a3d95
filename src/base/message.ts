import type { DiagnosticData } from "./diagnostic";

/** Fills `{name}` in a template from data; lists are joined by commas. A name without data stays as it is. */
export function fillTemplate(template: string, data: DiagnosticData): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    return value === undefined ? whole : typeof value === "object" ? value.join(", ") : String(value);
  });
}

/** The message of a problem by the table that its code stands in. */
export function messageText(
  codes: Readonly<Record<string, { readonly message: string }>>,
  problem: { readonly code: string; readonly data: DiagnosticData },
): string {
  const entry = Object.hasOwn(codes, problem.code) ? codes[problem.code] : undefined;
  return entry === undefined ? problem.code : fillTemplate(entry.message, problem.data);
}
