import type { DiagnosticData } from "#base/diagnostic";
import type { FetchFailure } from "./follow-redirects";
import { shownUrl } from "./follow-redirects";

/** Why a tool could not be found, fetched or put in place: a code of `codes.ts` and what fills its wording. */
export interface ToolFailure {
  readonly code: "E410" | "E412" | "E413" | "E415" | "E416" | "E417" | "E418" | "E421" | "E422" | "E427";
  readonly data: DiagnosticData;
  /** What there is instead, best first. */
  readonly suggestions?: readonly string[];
  /** How it is written instead. */
  readonly hint?: string;
}

export const fetchFailure = (tool: string, { url, reason }: FetchFailure): ToolFailure => ({
  code: "E415",
  data: { tool, url: shownUrl(url), reason },
});

/** What the system says about a file, without the call that it says it of. */
export function systemFailure(tool: string, error: unknown): ToolFailure {
  if (!(error instanceof Error && "syscall" in error)) throw error;
  return { code: "E418", data: { tool, reason: error.message } };
}
