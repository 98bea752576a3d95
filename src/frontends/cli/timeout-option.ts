import { parseTimer } from "#base/duration";
import { textOption } from "./session";
import type { Session } from "./session";

/** What `--timeout` says, in milliseconds; undefined where it is not given. */
export function timeoutMs(options: Session["options"]): number | undefined {
  const text = textOption(options, "timeout");
  return text === undefined ? undefined : parseTimer(text);
}
