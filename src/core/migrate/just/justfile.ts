import type { Expression } from "./expression";

/** `[name(arguments)]` above an item; arguments by name have it. */
export interface Attribute {
  readonly name: string;
  readonly args: readonly { readonly name?: string; readonly value: string }[];
}

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
  readonly variadic: "*" | "+" | undefined;
  readonly isExported: boolean;
}

export interface Dependency {
  /** `recipe` or `module::recipe`. */
  readonly name: string;
  readonly args: readonly Expression[];
}

/** A line of a recipe, continuations joined. */
export interface BodyLine {
  readonly line: number;
  readonly text: string;
}

export interface Recipe {
  readonly name: string;
  readonly line: number;
  readonly file: string;
  readonly attributes: readonly Attribute[];
  readonly comments: readonly string[];
  readonly isQuiet: boolean;
  readonly parameters: readonly Parameter[];
  readonly before: readonly Dependency[];
  readonly after: readonly Dependency[];
  /** Lines as they stand, without their common indentation. */
  readonly body: readonly BodyLine[];
}

export interface Assignment {
  readonly name: string;
  readonly line: number;
  readonly value: Expression;
  readonly isExported: boolean;
  readonly comments: readonly string[];
}

/** Something that can't be read, or that has no equal. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** A justfile, read but not evaluated. */
export interface Justfile {
  readonly file: string;
  readonly settings: ReadonlyMap<
    string,
    { readonly value: string | readonly string[] | boolean; readonly line: number }
  >;
  readonly assignments: readonly Assignment[];
  readonly recipes: readonly Recipe[];
  readonly aliases: readonly { readonly name: string; readonly target: string; readonly line: number }[];
  readonly imports: readonly { readonly path: string; readonly isOptional: boolean; readonly line: number }[];
  readonly modules: readonly {
    readonly name: string;
    readonly path: string | undefined;
    readonly isOptional: boolean;
    readonly line: number;
  }[];
  readonly unexports: readonly string[];
  readonly problems: readonly Problem[];
  readonly header: readonly string[];
}
