import type { KeyPath } from "#base/diagnostic";
import type { Field, Kind, MapKind, TableKind } from "#core/config/schema/kinds";
import { document } from "#core/config/schema/sections";

/** What may stand at a path of `zr.toml`. */
export interface SchemaPlace {
  /** The kinds that the value may have, none of them a union. */
  readonly kinds: readonly Kind[];
  /** The entry of the schema for the last key that has one of its own. */
  readonly field: Field | undefined;
}

/** Walks the schema along a path; undefined where nothing may stand there. */
export function schemaAt(path: KeyPath, from: Kind = document): SchemaPlace | undefined {
  let place: SchemaPlace = { kinds: optionsOf(from), field: undefined };
  for (const key of path) {
    const next = stepInto(place.kinds, key);
    if (next === undefined) return undefined;
    place = next;
  }
  return place;
}

function stepInto(kinds: readonly Kind[], key: string | number): SchemaPlace | undefined {
  const found: Kind[] = [];
  let field: Field | undefined;
  for (const kind of kinds) {
    if (kind.type === "any") found.push(kind);
    else if (typeof key === "number") {
      if (kind.type === "list") found.push(...optionsOf(kind.item));
    } else if (kind.type === "map") found.push(...optionsOf(kind.value));
    else if (kind.type === "table" && Object.hasOwn(kind.fields, key)) {
      field ??= kind.fields[key];
      found.push(...optionsOf(kind.fields[key]?.kind ?? kind));
    }
  }
  return found.length === 0 ? undefined : { kinds: found, field };
}

/** A kind without its unions. */
export const optionsOf = (kind: Kind): readonly Kind[] =>
  kind.type === "union" ? kind.options.flatMap(optionsOf) : [kind];

export const tablesOf = (kinds: readonly Kind[]): readonly TableKind[] =>
  kinds.filter((kind) => kind.type === "table");

export const mapsOf = (kinds: readonly Kind[]): readonly MapKind[] =>
  kinds.filter((kind) => kind.type === "map");
