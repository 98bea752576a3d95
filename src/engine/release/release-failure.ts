import type { DiagnosticData } from "#base/diagnostic";
import type { FetchFailure } from "#engine/toolchain/follow-redirects";
import { shownUrl } from "#engine/toolchain/follow-redirects";
import type { releaseDiagnosticCodes } from "./codes";

/** Why zr could not be replaced: a code of `codes.ts` and what fills its wording. */
export interface ReleaseFailure {
  readonly code: keyof typeof releaseDiagnosticCodes;
  readonly data: DiagnosticData;
}

export const fetchFailure = ({ url, reason }: FetchFailure): ReleaseFailure => ({
  code: "E562",
  data: { url: shownUrl(url), reason },
});

/** What the system says where it does not let the program be replaced. */
export function placeFailure(path: string, error: unknown): ReleaseFailure {
  if (!(error instanceof Error && "syscall" in error)) throw error;
  return { code: "E566", data: { path, reason: error.message } };
}
