import { formatDuration } from "#base/duration";
import type { Failure } from "#core/model/outcome";
import type { Look } from "./look";
import { failureText } from "./outcome-text";
import { visibleControls } from "./visible-text";

interface FailedAttempt {
  readonly label: string;
  readonly attempt: number;
  readonly failure: Failure | undefined;
  readonly retryInMs: number;
}

/** The line about an attempt that failed and is made again; ends with a newline. */
export function retryText(
  { label, attempt, failure, retryInMs }: FailedAttempt,
  { theme, symbols }: Look,
): string {
  const cause = failure === undefined ? "" : `: ${failureText(failure)}`;
  const delay = retryInMs > 0 ? `again in ${formatDuration(retryInMs)}` : "again now";
  return `${theme.warn(visibleControls(`${symbols.retry} ${label} failed${cause}; attempt ${attempt}, ${delay}`))}\n`;
}
