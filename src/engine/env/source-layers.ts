import type { Diagnostic } from "#base/diagnostic";
import type { EnvEntry as DeclaredEntry, EnvSource } from "#core/model/environment";

import { dotenvDiagnostics, parseDotenv } from "./dotenv";
import type { EnvEntry, EnvLayer } from "./env-layer";

/** Every file whose content `sourceLayers` wants: dotenv files and the files of `{ file = "…" }` values. */
export function sourceFiles(sources: readonly EnvSource[]): string[] {
  const paths = new Set<string>();
  for (const { files, entries } of sources) {
    for (const { path } of files ?? []) paths.add(path);
    for (const { value } of entries) if (value.kind === "file") paths.add(value.path);
  }
  return [...paths];
}

/**
 * Turns a plan's sources into layers. `contents` has the text of each of `sourceFiles` that could be read. The files
 * of a source become a layer each, in their order, below the source's own entries.
 */
export function sourceLayers(
  sources: readonly EnvSource[],
  contents: ReadonlyMap<string, string>,
): { readonly layers: readonly EnvLayer[]; readonly problems: readonly Diagnostic[] } {
  const layers: EnvLayer[] = [];
  const problems: Diagnostic[] = [];
  for (const source of profilesOverGroups(sources)) {
    for (const { path, optional } of source.files ?? []) {
      const text = contents.get(path);
      if (text !== undefined) {
        const parsed = parseDotenv(text);
        layers.push({ name: source.layer, file: path, entries: parsed.entries });
        problems.push(...dotenvDiagnostics(path, parsed.problems, text));
      } else if (!optional) problems.push(unreadable(path, source));
    }
    if (source.entries.length > 0) layers.push(entryLayer(source, contents));
  }
  return { layers, problems };
}

/** A package's profile stands before what its tasks have of their own, of which only groups are below it. */
function profilesOverGroups(sources: readonly EnvSource[]): readonly EnvSource[] {
  const profile = sources.findIndex(({ layer }) => layer === "profile");
  if (profile === -1 || !sources.some(({ layer }) => layer === "group")) return sources;
  const groups = sources.filter(({ layer }) => layer === "group");
  return sources.filter(({ layer }) => layer !== "group").toSpliced(profile, 0, ...groups);
}

function unreadable(file: string, { place }: EnvSource): Diagnostic {
  return { code: "E344", severity: "error", data: { file }, ...(place === undefined ? {} : { place }) };
}

function entryLayer({ layer, place, entries }: EnvSource, contents: ReadonlyMap<string, string>): EnvLayer {
  const table = place?.path;
  return {
    name: layer,
    ...(place === undefined ? {} : { file: place.file }),
    entries: entries.map((entry) => ({
      ...valueOf(entry, contents),
      ...(table === undefined ? {} : { path: [...table, entry.name] }),
    })),
  };
}

function valueOf(entry: DeclaredEntry, contents: ReadonlyMap<string, string>): EnvEntry {
  const { value, ...facts } = entry;
  switch (value.kind) {
    case "text":
      return { ...facts, value: value.text, expand: value.expand };
    case "unset":
      return { ...facts, value: { unset: true } };
    case "file":
      return { ...facts, value: { file: value.path, content: contents.get(value.path) } };
    case "command":
      return { ...facts, value: { command: value.command } };
    case "declared":
      return facts;
  }
}
