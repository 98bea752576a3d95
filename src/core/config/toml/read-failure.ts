/** Why a text gave no values. `#core/config/toml/syntax-error` finds the place and the wording of a `syntax` failure. */
export type ReadFailure =
  | { readonly kind: "syntax"; readonly reason: string; readonly offset?: number }
  /** Some of its bytes are no UTF-8; in the text they are U+FFFD. */
  | { readonly kind: "encoding" }
  | { readonly kind: "too-large"; readonly length: number; readonly limit: number }
  | { readonly kind: "too-deep"; readonly limit: number; readonly offset?: number };
