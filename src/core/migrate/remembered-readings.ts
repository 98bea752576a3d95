import type { Fact, Reading, World, WorldRequest } from "./worlds";

/** A reading, the world that it is of, and its conditions as they were taken for one request. */
export interface Remembered<T> {
  readonly reading: T;
  /** The same object each time. */
  readonly world: World;
  /** Like those of the world, but what is usual is so for the request. */
  readonly facts: readonly Fact[];
}

/**
 * Readings of one file, each made once. What a reading asks next follows from the answers that it has got, so they are
 * kept as a decision tree: a request that is answered all the way down to a reading needs no further one.
 */
export class RememberedReadings<T extends Reading> {
  readonly #roots = new Map<string, Tree<T>>();
  #made = 0;

  /** How many readings were made. */
  get made(): number {
    return this.#made;
  }

  has(request: WorldRequest): boolean {
    return this.#find(request) !== undefined;
  }

  take(request: WorldRequest, read: (request: WorldRequest) => T): Remembered<T> {
    const known = this.#find(request);
    if (known !== undefined) {
      const { reading, world } = known;
      const facts = world.facts.map((fact, index) => ({ ...fact, isUsual: isUsual(request, index) }));
      return { reading, world, facts };
    }
    const reading = read(request);
    this.#made += 1;
    const leaf: Leaf<T> = { reading, world: { system: request.system, facts: reading.facts } };
    this.#roots.set(request.system, grown(this.#roots.get(request.system), leaf, { request, at: 0 }));
    return { ...leaf, facts: reading.facts };
  }

  /** Drops readings that would be others by now. */
  forget(isStale: (reading: T) => boolean): void {
    for (const [system, tree] of this.#roots) {
      const left = pruned(tree, isStale);
      if (left === undefined) this.#roots.delete(system);
      else this.#roots.set(system, left);
    }
  }

  #find(request: WorldRequest): Leaf<T> | undefined {
    let tree = this.#roots.get(request.system);
    for (let at = 0; tree !== undefined && "expression" in tree; at += 1) {
      const usual: boolean | undefined = request.base?.get(tree.expression) ?? tree.usual;
      if (usual === undefined) return undefined;
      tree = isUsual(request, at) === usual ? tree.whenTrue : tree.whenFalse;
    }
    return tree;
  }
}

interface Leaf<T> {
  readonly reading: T;
  readonly world: World;
}

interface Branch<T> {
  readonly expression: string;
  /** How it is where nothing is set; undefined where no reading has told. */
  readonly usual: boolean | undefined;
  readonly whenTrue: Tree<T> | undefined;
  readonly whenFalse: Tree<T> | undefined;
}

type Tree<T> = Leaf<T> | Branch<T>;

const isUsual = ({ departures }: WorldRequest, at: number): boolean => departures[at] !== true;

/** A tree that has a further reading, whose conditions from `at` on are to be told apart in it. */
function grown<T>(
  tree: Tree<T> | undefined,
  leaf: Leaf<T>,
  { request, at }: { readonly request: WorldRequest; readonly at: number },
): Tree<T> {
  const fact = leaf.world.facts[at];
  if (fact === undefined) return leaf;
  const { expression, isTrue } = fact;
  const branch =
    tree !== undefined && "expression" in tree && tree.expression === expression ? tree : undefined;
  const told = request.base?.has(expression) === true ? undefined : isTrue === isUsual(request, at);
  const below = grown(isTrue ? branch?.whenTrue : branch?.whenFalse, leaf, { request, at: at + 1 });
  return {
    expression,
    usual: branch?.usual ?? told,
    whenTrue: isTrue ? below : branch?.whenTrue,
    whenFalse: isTrue ? branch?.whenFalse : below,
  };
}

function pruned<T>(tree: Tree<T> | undefined, isStale: (reading: T) => boolean): Tree<T> | undefined {
  if (tree === undefined || !("expression" in tree))
    return tree === undefined || isStale(tree.reading) ? undefined : tree;
  const [whenTrue, whenFalse] = [pruned(tree.whenTrue, isStale), pruned(tree.whenFalse, isStale)];
  return whenTrue === undefined && whenFalse === undefined ? undefined : { ...tree, whenTrue, whenFalse };
}
