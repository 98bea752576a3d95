import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/** A filter of packages, taken apart. */
export interface PackageFilter {
  /** As it was written. */
  readonly source: string;
  /** Takes packages away instead of adding them. */
  readonly excludes: boolean;
  readonly selector: PackageSelector;
  /** Also what the selected packages depend on, directly or not. */
  readonly dependencies: boolean;
  /** Also what depends on them, directly or not. */
  readonly dependents: boolean;
  /** Without the selected packages themselves. */
  readonly exceptSelf: boolean;
}

/** What a package has to be: everything that is given. */
export interface PackageSelector {
  /** Glob over names. */
  readonly name?: string;
  /** Path or glob of folders, beginning with `.` or `//`. */
  readonly path?: string;
  readonly tags: readonly string[];
  /** A commit or branch: changed since it left that. */
  readonly base?: string;
}

/**
 * Reads a filter. Grammar, without blanks:
 *
 *     filter   = [ "!" ] [ "..." [ "^" ] ] selector [ [ "^" ] "..." ]
 *     selector = [ name | path ] { "{" tag "}" } [ "[" base "]" ], not empty
 *     path     = ( "." | "./" | "../" | "//" ) …
 *
 * A brace with a comma is part of a glob (`{app,lib}`), and so is a bracket that does not end the selector. The problem
 * is a phrase that ends "can't make sense of the filter 'x': ".
 */
export function parsePackageFilter(source: string): Result<PackageFilter, string> {
  const trimmed = source.trim();
  const excludes = trimmed.startsWith("!");
  let rest = excludes ? trimmed.slice(1) : trimmed;
  const before = /^\.\.\.(\^)?/.exec(rest);
  if (before !== null) rest = rest.slice(before[0].length);
  const after = /(\^)?\.\.\.$/.exec(rest);
  if (after !== null) rest = rest.slice(0, -after[0].length);
  const selector = parseSelector(rest);
  if (!selector.ok) return selector;
  return ok({
    source,
    excludes,
    selector: selector.value,
    dependencies: after !== null,
    dependents: before !== null,
    exceptSelf: before?.[1] !== undefined || after?.[1] !== undefined,
  });
}

function parseSelector(text: string): Result<PackageSelector, string> {
  let rest = text;
  const base = /\[([^[\]]*)\]$/.exec(rest);
  if (base !== null) rest = rest.slice(0, -base[0].length);
  const tags: string[] = [];
  for (let tag = TAG.exec(rest); tag !== null; tag = TAG.exec(rest)) {
    tags.unshift(tag[1] ?? "");
    rest = rest.slice(0, -tag[0].length);
  }
  if (base?.[1] === "") return err("'[]' names no commit");
  if (tags.includes("")) return err("'{}' names no tag");
  if (rest.includes("...")) return err("'...' stands at the beginning or at the end");
  if (rest.startsWith("^") || rest.endsWith("^")) return err("'^' stands beside '...'");
  if (rest.startsWith("!")) return err("one '!' is enough");
  if (rest === "" && tags.length === 0 && base === null) return err("it names no package");
  const isPath = /^(?:\.\.?(?:\/|$)|\/\/)/.test(rest);
  return ok({
    ...(rest === "" ? {} : isPath ? { path: rest } : { name: rest }),
    tags,
    ...(base?.[1] === undefined ? {} : { base: base[1] }),
  });
}

const TAG = /\{([^{},]*)\}$/;
