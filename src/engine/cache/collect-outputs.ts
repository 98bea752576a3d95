import { isInside } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { Breather } from "#system/cas/breather";
import { entriesOf, factsOf } from "#system/cas/file-facts";
import type { FileFacts } from "#system/cas/file-facts";
import { MAX_OUTPUTS } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { isHalfFile } from "./half-files";
import { outputPatterns } from "./output-patterns";
import type { OutputPattern, OutputPatterns } from "./output-patterns";

/** Something that matches `outputs`. */
export interface FoundOutput {
  /** As a stored output has it. */
  readonly path: string;
  readonly absolute: string;
  readonly facts: FileFacts;
}

export interface FoundOutputs {
  /** By path, sorted. Files, links, and folders in which nothing matches. */
  readonly outputs: ReadonlyMap<string, FoundOutput>;
  /** Folders that were searched, by absolute path, the upper ones first. */
  readonly folders: ReadonlyMap<string, FileFacts>;
  /** Where patterns would have been searched, absolute: nothing searchable was there. */
  readonly missing: readonly string[];
  /** Absolute paths of files that a restoring left when it was killed. */
  readonly leftovers: readonly string[];
}

/** Never outputs, and never searched. */
const RESERVED = /^\.(?:zr|git)$/i;

/**
 * Finds what matches `outputs`. Links are found, never followed; a pattern whose fixed part leads through one is refused.
 * The error is a sentence's end for people.
 *
 * @param options.strict whether what can't be stored, such as a named pipe, is an error; else it is found as `other`.
 */
export async function collectOutputs(
  place: OutputPlace,
  options: { readonly strict: boolean },
): Promise<Result<FoundOutputs, string>> {
  const patterns = outputPatterns(place);
  if (!patterns.ok) return patterns;
  const search = new Search(place, patterns.value, options.strict);
  for (const pattern of patterns.value.wanted) {
    const problem = search.start(pattern) ?? (await search.walk());
    if (problem !== undefined) return err(problem);
  }
  return ok(search.found());
}

class Search {
  readonly #place: OutputPlace;
  readonly #patterns: OutputPatterns;
  readonly #strict: boolean;
  readonly #outputs = new Map<string, FoundOutput>();
  readonly #folders = new Map<string, FileFacts>();
  readonly #missing: string[] = [];
  readonly #leftovers: string[] = [];
  readonly #breather = new Breather();
  #open: { readonly path: string; readonly pattern: OutputPattern; readonly facts: FileFacts }[] = [];

  constructor(place: OutputPlace, patterns: OutputPatterns, strict: boolean) {
    this.#place = place;
    this.#patterns = patterns;
    this.#strict = strict;
  }

  /** Looks at where a pattern starts. */
  start(pattern: OutputPattern): string | undefined {
    const { base, start, text } = pattern;
    for (let cut = base.indexOf("/", start.length + 1); cut > 0; cut = base.indexOf("/", cut + 1))
      if (factsOf(base.slice(0, cut))?.kind === "symlink")
        return `the output '${text}' leads through the link ${this.#name(base.slice(0, cut))}`;
    const facts = factsOf(base);
    if (this.#patterns.isLeftOut(base)) return undefined;
    if (facts === undefined) {
      this.#missing.push(base);
      return undefined;
    }
    // `dist` may be a link itself; `dist/**` means what lies in it.
    if (facts.kind === "symlink" && (pattern.matches !== undefined || /[*/]$/.test(text)))
      return `the output '${text}' leads through the link ${this.#name(base)}`;
    if (facts.kind === "folder") this.#open.push({ path: base, pattern, facts });
    else if (pattern.matches === undefined) return this.#add(base, facts);
    else this.#missing.push(base);
    return undefined;
  }

  async walk(): Promise<string | undefined> {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      if (this.#breather.isDue) await this.#breather.rest();
      const entries = entriesOf(next.path);
      // Gone meanwhile, or one that may not be looked into.
      if (entries === undefined) {
        if (factsOf(next.path) !== undefined) return `${this.#name(next.path)} can't be read`;
        continue;
      }
      this.#folders.set(next.path, next.facts);
      const { pattern } = next;
      for (const { name, isFolder } of entries) {
        const path = `${next.path}/${name}`;
        if (RESERVED.test(name) || this.#patterns.isLeftOut(path)) continue;
        const problem = isFolder
          ? this.#enter(path, name, pattern)
          : pattern.matches?.(path) === false && !isHalfFile(name)
            ? undefined
            : this.#look(path, name);
        if (problem !== undefined) return problem;
      }
      const isOwn = pattern.matches === undefined || pattern.matches(next.path);
      if (entries.length === 0 && isOwn) this.#add(next.path, next.facts);
    }
    return this.#outputs.size > MAX_OUTPUTS ? `there are more than ${MAX_OUTPUTS} outputs` : undefined;
  }

  found(): FoundOutputs {
    const sorted = [...this.#outputs].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      outputs: new Map(sorted),
      folders: this.#folders,
      missing: this.#missing,
      leftovers: this.#leftovers,
    };
  }

  #enter(path: string, name: string, pattern: OutputPattern): string | undefined {
    // What packages bring is found only by patterns that name it, or that take a whole folder.
    if (name === "node_modules" && pattern.matches !== undefined) return undefined;
    const facts = factsOf(path);
    if (facts?.kind === "folder") this.#open.push({ path, pattern, facts });
    return facts === undefined ? this.#unnamed(path) : undefined;
  }

  #look(path: string, name: string): string | undefined {
    if (isHalfFile(name)) {
      this.#leftovers.push(path);
      return undefined;
    }
    const facts = factsOf(path);
    return facts === undefined ? this.#unnamed(path) : this.#add(path, facts);
  }

  /** Why nothing is found under a name that was listed, unless it is gone: the name as text is not the one it has. */
  #unnamed(path: string): string | undefined {
    return path.includes("\ufffd") ? `the name of ${this.#name(path)} is not UTF-8` : undefined;
  }

  #add(absolute: string, facts: FileFacts): string | undefined {
    if (facts.kind === "other" && this.#strict)
      return `${this.#name(absolute)} is neither a file nor a link nor a folder`;
    const unnamed = this.#unnamed(absolute);
    if (unnamed !== undefined) return unnamed;
    const path = this.#name(absolute);
    this.#outputs.set(path, { path, absolute, facts });
    return undefined;
  }

  #name(absolute: string): string {
    const { packageDir, root } = this.#place;
    if (isInside(packageDir, absolute)) return absolute.slice(packageDir.length + 1);
    return `//${absolute.slice(root === "/" ? 1 : root.length + 1)}`;
  }
}
