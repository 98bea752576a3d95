import type { Failure } from "#core/model/outcome";
import type { ChildEnd } from "./child-run";

/**
 * Why a command did not succeed; undefined where it did. A command that could not be started is told by words of its own,
 * which may have come from its environment: `mask` takes the secrets out of them.
 */
export function childFailure(end: ChildEnd, mask: (text: string) => string): Failure | undefined {
  if (end.kind === "failure") return maskedFailure(end.failure, mask);
  const { code, signal } = end.status;
  if (signal !== null) return { kind: "signal", signal };
  return code === 0 ? undefined : { kind: "exit", code: code ?? 1 };
}

function maskedFailure(failure: Failure, mask: (text: string) => string): Failure {
  switch (failure.kind) {
    case "not-found":
      return { ...failure, program: mask(failure.program) };
    case "spawn":
      return { ...failure, message: mask(failure.message) };
    case "cwd":
      return { ...failure, path: mask(failure.path) };
    case "io":
      return { ...failure, path: mask(failure.path) };
    default:
      return failure;
  }
}
