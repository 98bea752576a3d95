import { jsonPlace } from "#base/json-places";
import type { Span } from "#base/span";
import { openDocument } from "#core/config/toml/locate";
import type { LanguageProject } from "./language-project";
import { maskSource } from "./source-mask";
import type { SourceGrammar } from "./source-mask";

/** Letters of a version in any manifest: none of them means anything to JSON, TOML, YAML, XML or a program. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/;

/** The version that a manifest declares; undefined where there is none of its own. */
export function readManifestVersion(
  project: Pick<LanguageProject, "versionIn">,
  name: string,
  text: string,
): string | undefined {
  const span = project.versionIn?.(name, text);
  const version = span === undefined ? "" : text.slice(span.start, span.end);
  return VERSION.test(version) ? version : undefined;
}

/**
 * The manifest with another version and nothing else changed; undefined where it declares none of its own, or where the
 * new one is no version to this kind of manifest.
 */
export function writeManifestVersion(
  project: Pick<LanguageProject, "versionIn">,
  manifest: { readonly name: string; readonly text: string },
  version: string,
): string | undefined {
  const { name, text } = manifest;
  const span = project.versionIn?.(name, text);
  if (span === undefined || !VERSION.test(version) || !VERSION.test(text.slice(span.start, span.end)))
    return undefined;
  const changed = text.slice(0, span.start) + version + text.slice(span.end);
  // Some formats have numbers only.
  return readManifestVersion(project, name, changed) === version ? changed : undefined;
}

/** The text under a chain of keys of a JSON manifest, without its quotes. */
export function jsonTextSpan(text: string, path: readonly string[]): Span | undefined {
  return insideQuotes(text, jsonPlace(text, path, "value"));
}

/** The text under a chain of keys of a TOML manifest, without its quotes. */
export function tomlTextSpan(text: string, path: readonly string[]): Span | undefined {
  const document = openDocument(text);
  return document.ok ? insideQuotes(text, document.value.spanOf(path, "value")) : undefined;
}

/** Where the first group of a pattern is in a text, its comments left out. The pattern has the flag `d`. */
export function groupSpan(text: string, pattern: RegExp, grammar: SourceGrammar = {}): Span | undefined {
  const group = pattern.exec(maskSource(text, { ...grammar, keepsTexts: true }))?.indices?.[1];
  return group === undefined ? undefined : { start: group[0], end: group[1] };
}

function insideQuotes(text: string, span: Span | undefined): Span | undefined {
  if (span === undefined) return undefined;
  const first = text[span.start];
  const isQuoted =
    (first === '"' || first === "'") && text[span.end - 1] === first && span.end - span.start > 1;
  return isQuoted ? { start: span.start + 1, end: span.end - 1 } : undefined;
}
