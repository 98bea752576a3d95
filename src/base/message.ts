import type { DiagnosticData } from "./diagnostic";

/**
 * A template with each `{name}` replaced by that field of the data, lists joined by commas; fields that are not there
 * stay. `show` is what becomes of each value before it is put in.
 */
export function fillTemplate(
  template: string,
  data: DiagnosticData,
  show: (value: string) => string = (value) => value,
): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) return whole;
    return show(typeof value === "object" ? value.join(", ") : String(value));
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
