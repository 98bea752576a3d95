import type { Place } from "#base/diagnostic";
import { positionAt } from "#base/span";
import type { EnvLayerName } from "#core/model/environment";
import type { LayerTrace } from "#engine/env/resolved-environment";
import { locateDiagnostics } from "#app/locate-diagnostics";
import type { FoundEnvironment, Show } from "./env";

/** What one layer says about a variable. */
export interface ShownLayer {
  readonly layer: EnvLayerName;
  /** Undefined: the layer takes the variable away. */
  readonly value: string | undefined;
  /** Absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly wins: boolean;
}

export interface ShownTrace {
  readonly name: string;
  /** Undefined: it is not set. */
  readonly value: string | undefined;
  readonly secret: boolean;
  /** Lowest first. */
  readonly layers: readonly ShownLayer[];
}

/** Every layer's word on one variable, with file and line. */
export function traceVariable(found: FoundEnvironment, name: string, show: Show): ShownTrace {
  const trace = found.env.trace(name);
  const shown = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : show(trace.name, value);
  // Layers of one kind are told apart by their order.
  const profiles = profilePlaces(found, trace.name);
  const layers = trace.layers.map((layer) => {
    const other = layer.layer === "profile" ? profiles.shift() : undefined;
    return {
      layer: layer.layer,
      value: shown(layer.wins ? layer.value : lostValue(layer)),
      ...placeOf(layer, { found, other: other ?? taskPlaceOf(found, layer, trace.name) }),
      wins: layer.wins,
    };
  });
  return { name: trace.name, value: shown(trace.value), secret: trace.secret, layers };
}

/** The value of a layer that lost. Its commands were not run for it, so they are shown as they are written. */
function lostValue({ raw, value }: LayerTrace): string | undefined {
  if (typeof raw === "object" && "command" in raw) return `$(${raw.command})`;
  return typeof raw === "string" && raw.includes("$(") ? raw : value;
}

interface PlaceSources {
  readonly found: FoundEnvironment;
  /** Where the entry stands, if that is known better than by the layer's table. */
  readonly other: Place | undefined;
}

function placeOf(
  { file, line, place }: LayerTrace,
  { found, other }: PlaceSources,
): { readonly file?: string; readonly line?: number } {
  if (line !== undefined && file !== undefined) return { file, line };
  for (const candidate of [other, place]) {
    if (candidate === undefined) continue;
    const [located] = locateDiagnostics(
      [{ code: "E160", severity: "error", data: {}, place: candidate }],
      [],
      found.texts,
    );
    const span = located?.place?.span;
    const text = found.texts.get(candidate.file);
    if (span !== undefined && text !== undefined)
      return { file: candidate.file, line: positionAt(text, span.start).line };
  }
  return file === undefined ? {} : { file };
}

/** The entries of the profile and of those it extends, lowest first: a layer names only the profile asked for. */
function profilePlaces({ pkg }: FoundEnvironment, name: string): Place[] {
  const places: Place[] = [];
  const { files, profile } = pkg.config;
  const seen = new Set<string>();
  for (let next = profile; next !== undefined && !seen.has(next);) {
    const current = next;
    seen.add(current);
    const holds = files.filter(({ document }) => document.profiles?.[current] !== undefined);
    const file = holds.findLast(({ document }) =>
      Object.hasOwn(document.profiles?.[current]?.env ?? {}, name),
    );
    if (file !== undefined) places.unshift({ file: file.path, path: ["profiles", current, "env", name] });
    next = holds.findLast(({ document }) => document.profiles?.[current]?.extends !== undefined)?.document
      .profiles?.[current]?.extends;
  }
  return places;
}

/** Tables `env` of a task merge by name, so the entry may stand in a lower one, such as a template's. */
function taskPlaceOf({ task }: FoundEnvironment, layer: LayerTrace, name: string): Place | undefined {
  if (layer.layer !== "task-env" || task === undefined) return undefined;
  const { file, path = [] } = layer.place ?? {};
  // What a caller gave is none of the task's own tables and has its exact place.
  const isOwn = task.sources.some(
    (source) => source.file === file && source.path.every((key, index) => path[index] === key),
  );
  const source = isOwn
    ? task.sources.findLast(({ table }) => Object.hasOwn(table.env ?? {}, name))
    : undefined;
  return source === undefined ? undefined : { file: source.file, path: [...source.path, "env", name] };
}
