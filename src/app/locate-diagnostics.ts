import type { Diagnostic, Place } from "#base/diagnostic";
import { jsonPlace } from "#base/json-places";
import type { UnreadFile } from "#core/config/config-documents";
import { withHabit } from "#core/config/habits";
import { openDocument } from "#core/config/toml/locate";
import type { PositionedDocument } from "#core/config/toml/locate";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { valueOnPath } from "#core/config/toml/value-on-path";
import type { TomlValue } from "#core/config/toml/values";

/**
 * Gives diagnostics the ranges that their key paths mean, by reading the files again with a reader that keeps
 * positions. Loaded only when there is something to show.
 */
export function locateDiagnostics(
  diagnostics: readonly Diagnostic[],
  unread: readonly UnreadFile[],
  texts: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const documents = new Map<string, PositionedDocument | undefined>();
  const documentOf = (file: string): PositionedDocument | undefined => {
    if (!documents.has(file)) {
      const text = texts.get(file);
      const opened = text === undefined ? undefined : openDocument(text);
      documents.set(file, opened?.ok === true ? opened.value : undefined);
    }
    return documents.get(file);
  };
  const locate = (place: Place): Place => {
    if (place.span !== undefined || place.path === undefined) return place;
    if (place.file.endsWith(".json")) {
      const found = jsonPlace(
        texts.get(place.file) ?? "",
        place.path,
        place.target === "value" || place.target === undefined ? "value" : "key",
      );
      return found === undefined ? place : { ...place, span: found };
    }
    const document = documentOf(place.file);
    const inString =
      place.within === undefined ? undefined : document?.withinString(place.path, place.within);
    const span = inString ?? document?.spanOf(place.path, place.target ?? "value");
    return span === undefined ? place : { ...place, span };
  };
  const syntax = unread.map(({ file, failure }) =>
    syntaxDiagnostic({ file, text: texts.get(file) ?? "" }, failure),
  );
  const located = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    ...(diagnostic.place === undefined ? {} : { place: locate(diagnostic.place) }),
    ...(diagnostic.related === undefined
      ? {}
      : { related: diagnostic.related.map((item) => ({ ...item, place: locate(item.place) })) }),
  }));
  const valueOf = valueReader(texts);
  return [...syntax, ...located].sort(byPlace).map((diagnostic) => {
    const { place } = diagnostic;
    if (place?.file.endsWith(".toml") !== true) return diagnostic;
    return withHabit({ diagnostic, value: valueOf(place), text: texts.get(place.file) ?? "" });
  });
}

/** Gives the value at a place; undefined where there is none, or the file is no TOML. Reads each file at most once. */
function valueReader(texts: ReadonlyMap<string, string>): (place: Place) => unknown {
  const values = new Map<string, TomlValue | undefined>();
  return ({ file, path }) => {
    if (path === undefined) return undefined;
    if (!values.has(file)) {
      const read = readValues(texts.get(file) ?? "");
      values.set(file, read.ok ? read.value : undefined);
    }
    return valueOnPath(values.get(file), path);
  };
}

/** By file, then by place in the file; what has no place comes first. */
function byPlace(a: Diagnostic, b: Diagnostic): number {
  const fileA = a.place?.file ?? "";
  const fileB = b.place?.file ?? "";
  if (fileA !== fileB) return fileA < fileB ? -1 : 1;
  return (a.place?.span?.start ?? 0) - (b.place?.span?.start ?? 0);
}
