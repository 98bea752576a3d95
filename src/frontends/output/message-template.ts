import type { DiagnosticData } from "#base/diagnostic";
import { fillTemplate as fill } from "#base/message";
import { visibleControls } from "./visible-text";

/** A message as it may be printed: what comes from files and command lines shows its control characters. */
export const fillTemplate = (template: string, data: DiagnosticData): string =>
  fill(template, data, visibleControls);
