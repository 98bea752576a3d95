/** Why a text gave no values. `#core/config/toml/syntax-error` finds the place and the wording of a `syntax` failure. */
export type ReadFailure =
  | { readonly kind: "syntax"; readonly reason: string; readonly offset?: number }
  | { readonly kind: "too-large"; readonly length: number; readonly limit: number }
  | { readonly kind: "too-deep"; readonly limit: number; readonly offset?: number };
