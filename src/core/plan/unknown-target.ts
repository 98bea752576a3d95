import type { Diagnostic } from "#base/diagnostic";
import type { TargetRequest } from "./request";

/** The problem of a target that means no task, E160; where it may be an argument of a task, with how that is written. */
export function unknownTarget(
  { ref, follows }: TargetRequest,
  {
    where,
    suggestions,
    ...rest
  }: Pick<Diagnostic, "place"> & { readonly where: string; readonly suggestions: readonly string[] },
): Omit<Diagnostic, "severity"> {
  const hint = variableHint(ref) ?? (follows === undefined ? undefined : argumentHint(follows, ref));
  return {
    code: "E160",
    data: { name: ref, where },
    suggestions,
    ...rest,
    ...(hint === undefined || suggestions.length > 0 ? {} : { hint }),
  };
}

/** How a word gets to the command of a task that declares no parameter for it. */
export const argumentHint = (task: string, word: string): string =>
  `what its command is to get stands behind a --: ${task} -- ${word}`;

/** How a variable is given that is written as make and just take it, `NAME=value`. */
export const variableHint = (word: string): string | undefined =>
  /^[A-Za-z_][\w-]*=/.test(word)
    ? `a variable is given by -e ${word}, a value of [vars] by --set ${word}`
    : undefined;
