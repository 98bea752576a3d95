import type { Failure } from "#core/model/outcome";
import type { ChildEnd } from "./child-run";

/** Why a command did not succeed; undefined where it did. */
export function childFailure(end: ChildEnd): Failure | undefined {
  if (end.kind === "failure") return end.failure;
  const { code, signal } = end.status;
  if (signal !== null) return { kind: "signal", signal };
  return code === 0 ? undefined : { kind: "exit", code: code ?? 1 };
}
