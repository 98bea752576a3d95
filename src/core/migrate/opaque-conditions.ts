import type { World } from "./worlds";

/** Whether nothing that can be said tells two worlds from each other. */
function areAlike(one: World, other: World): boolean {
  if (one.system !== other.system) return false;
  for (const { expression, isTrue, isOpaque } of one.facts) {
    if (isOpaque === true) continue;
    const same = other.facts.find((fact) => fact.expression === expression);
    if (same !== undefined && same.isTrue !== isTrue) return false;
  }
  return true;
}

/**
 * The worlds in which it is not known what something is, as another one that is told from it by conditions without an
 * expression alone has something else.
 *
 * @param valueOf what it is in a world, as text.
 */
export function undecided(worlds: readonly World[], valueOf: (world: World) => string): ReadonlySet<World> {
  const found = new Set<World>();
  if (!worlds.some(({ facts }) => facts.some(({ isOpaque }) => isOpaque === true))) return found;
  const values = new Map(worlds.map((world) => [world, valueOf(world)]));
  const mayDiffer = (one: World, other: World): boolean =>
    found.has(one) !== found.has(other) || (!found.has(one) && values.get(one) !== values.get(other));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [index, one] of worlds.entries()) {
      const others = worlds.slice(index + 1).filter((other) => mayDiffer(one, other) && areAlike(one, other));
      if (others.length > 0) for (const world of [one, ...others]) found.add(world);
    }
  }
  return found;
}
