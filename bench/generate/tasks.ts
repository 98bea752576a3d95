import { seededNumbers } from "./random";

interface GeneratedTask {
  readonly name: string;
  readonly command?: readonly string[];
  readonly deps: readonly string[];
}

const SEED = 20_259;
const NOTHING = ["true"];
/** How many tasks of the layer before it each task of a layered graph needs. */
const DEPS_PER_TASK = 3;

/** One task `one` that does nothing. */
export function singleTask(): readonly GeneratedTask[] {
  return [{ name: "one", command: NOTHING, deps: [] }];
}

/** `count` tasks that do nothing and need nothing, and `all`. */
export function independentTasks(count: number): readonly GeneratedTask[] {
  return withAll(
    Array.from({ length: count }, (_, index) => ({ name: `t${index}`, command: NOTHING, deps: [] })),
  );
}

/** `count` tasks that do nothing, each after the one before it, and `all`. */
export function chainedTasks(count: number): readonly GeneratedTask[] {
  return withAll(
    Array.from({ length: count }, (_, index) => ({
      name: `t${index}`,
      command: NOTHING,
      deps: index === 0 ? [] : [`t${index - 1}`],
    })),
  );
}

/**
 * `count` tasks that do nothing in layers of the square root of `count`, each needing up to three of the layer before,
 * and `all`, which needs those that nothing else needs.
 */
export function layeredTasks(count: number): readonly GeneratedTask[] {
  const number = seededNumbers(SEED);
  const width = Math.ceil(Math.sqrt(count));
  const depsOf = (layer: number): readonly string[] => {
    if (layer === 0) return [];
    const drawn = Array.from({ length: DEPS_PER_TASK }, () => `t${(layer - 1) * width + number(width)}`);
    return [...new Set(drawn)];
  };
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: `t${index}`,
    command: NOTHING,
    deps: depsOf(Math.floor(index / width)),
  }));
  return withAll(tasks);
}

/** One task for each command, and `all`. */
export function commandTasks(commands: readonly (readonly string[])[]): readonly GeneratedTask[] {
  return withAll(commands.map((command, index) => ({ name: `t${index}`, command, deps: [] })));
}

function withAll(tasks: readonly GeneratedTask[]): readonly GeneratedTask[] {
  const needed = new Set(tasks.flatMap((task) => task.deps));
  const last = tasks.map((task) => task.name).filter((name) => !needed.has(name));
  return [...tasks, { name: "all", deps: last }];
}
