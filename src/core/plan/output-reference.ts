import type { Diagnostic } from "#base/diagnostic";
import type { InstanceId } from "#core/model/ids";

/** Where the value of `${output.KEY}` comes from, or why there is none. */
export type OutputReference =
  | { readonly kind: "found"; readonly of: InstanceId; readonly path: readonly string[] }
  | ({ readonly kind: "problem" } & Pick<Diagnostic, "code" | "data" | "suggestions">);
