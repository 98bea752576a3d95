import type { EnvLayer } from "./env-layer";
import type { Binding } from "./environment-evaluator";

/** What the layers above the system say, by folded name. */
export interface Declarations {
  readonly bindings: Map<string, Binding[]>;
  readonly names: Set<string>;
  readonly required: Map<string, Binding>;
  readonly secrets: Map<string, boolean>;
}

/** Sorts the entries of all layers but the system's by folded name. */
export function collectDeclarations(
  layers: readonly EnvLayer[],
  fold: (name: string) => string,
): Declarations {
  const found: Declarations = {
    bindings: new Map(),
    names: new Set(),
    required: new Map(),
    secrets: new Map(),
  };
  for (const layer of layers) {
    if (layer.name === "system") continue;
    for (const name in layer.values) {
      const value = layer.values[name];
      if (value !== undefined) declare(found, { layer, entry: { name, value, expand: false } }, fold(name));
    }
    for (const entry of layer.entries ?? []) declare(found, { layer, entry }, fold(entry.name));
  }
  return found;
}

function declare(found: Declarations, binding: Binding, key: string): void {
  const { entry } = binding;
  found.names.add(key);
  if (entry.required === true) found.required.set(key, binding);
  if (entry.secret !== undefined) found.secrets.set(key, entry.secret);
  if (entry.value === undefined) return;
  const below = found.bindings.get(key);
  if (below === undefined) found.bindings.set(key, [binding]);
  else below.push(binding);
}
