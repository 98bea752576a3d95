import type { DiagnosticData } from "#base/diagnostic";
import { visibleControls } from "./visible-text";

/** A template with each `{name}` replaced by that field, lists joined by commas; fields that are not there stay. */
export function fillTemplate(template: string, data: DiagnosticData): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) return placeholder;
    return visibleControls(typeof value === "object" ? value.join(", ") : String(value));
  });
}
