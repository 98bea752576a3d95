import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { Kind } from "#core/config/schema/kinds";

/** Where a value is to be proposed. */
export interface ValuePlace {
  readonly path: KeyPath;
  readonly kinds: readonly Kind[];
  readonly span: Span;
  readonly inString: boolean;
  readonly prefix: string;
}
