import type { TaskTable } from "#core/config/schema/sections";
import type { ReportItem } from "./conversion";
import type { SourcePlace } from "./conversion-report";
import type { LooseCondition } from "./explore-worlds";
import { areAlone, guarded } from "./loose-conditions";
import { refusal, type MadeTask, type Step } from "./made-task";
import { undecided } from "./opaque-conditions";
import type { TaskWorlds } from "./read-worlds";
import { whenIn } from "./when-in";
import type { World } from "./worlds";

/** The tasks of each reading. */
export type TasksByWorld = ReadonlyMap<World, readonly MadeTask[]>;

/** One list of tasks for all readings: what only some of them have gets a condition. */
export function mergeWorlds(made: TasksByWorld, to: MergeTo): readonly MadeTask[] {
  const worlds = [...made.keys()];
  const [first] = worlds;
  if (first === undefined) return [];
  if (worlds.length === 1) return made.get(first) ?? [];
  const names = [...new Set(worlds.flatMap((world) => (made.get(world) ?? []).map(({ task }) => task.name)))];
  const merged = names.flatMap((name) => mergeNamed(name, made, to));
  const main = merged.find(({ task }) => task.table.aliases !== undefined);
  return merged.map((one) => (one === main ? one : withoutAliases(one)));
}

/**
 * The task of a name. Where conditions are not combined with all others, what was seen of them has to tell when
 * everything of it holds, or else it is as where they are not met.
 */
function mergeNamed(name: string, made: TasksByWorld, to: MergeTo): readonly MadeTask[] {
  const counting = to.worldsOf?.(name);
  if (counting === undefined) return mergeOver([...made.keys()], name, { made, to });
  const having = (some: ReadonlySet<World>): readonly World[] =>
    [...made.keys()].filter((one) => some.has(one));
  if (counting.sampled !== undefined) {
    const report: ReportItem[] = [];
    const tried = mergeOver(having(counting.sampled), name, { made, to: { ...to, report } });
    const isSound = tried.every(({ task }) => areAlone(task.table, counting.loose));
    if (isSound && report.every(({ severity }) => severity !== "left-out")) {
      to.report.push(...report);
      to.loose?.push(...counting.loose);
      return tried;
    }
  }
  const plain = mergeOver(having(counting.worlds), name, { made, to });
  const { loose } = counting;
  const isRefused = (one: MadeTask): boolean => one.task.table.cmd === refusal(placeOf(one, to.file));
  if (loose.length === 0 || plain.every(isRefused)) return plain;
  // What a command prints where nothing is set is nothing that holds anywhere.
  if (loose.some(({ fact }) => fact.expression.includes("shell("))) {
    for (const one of plain)
      to.report.push({
        ...placeOf(one, to.file),
        severity: "left-out",
        what: one.target,
        why: "it depends on too many conditions, and on what commands print",
      });
    return plain.map((one) => refused(one, to.file));
  }
  to.loose?.push(...loose);
  to.fixed?.set(
    name,
    loose.filter(({ departs }) => departs !== undefined),
  );
  return plain.map((one) => guarded(one, loose, to.file));
}

function mergeOver(
  own: readonly World[],
  name: string,
  { made, to }: { readonly made: TasksByWorld; readonly to: MergeTo },
): readonly MadeTask[] {
  const variants = new Map<World, MadeTask>();
  const found = new Map(own.map((world) => [world, made.get(world)?.find(({ task }) => task.name === name)]));
  const usual = [...found.values()].find((one) => one !== undefined);
  const open = undecided(own, (world) => JSON.stringify(found.get(world)?.task) ?? "");
  if (open.size > 0 && usual !== undefined)
    to.report.push({
      ...placeOf(usual, to.file),
      severity: "left-out",
      what: usual.target,
      why: "what it does depends on conditions that can't be expressed",
    });
  for (const [world, one] of found) {
    if (open.has(world) && usual !== undefined) variants.set(world, refused(usual, to.file));
    else if (one !== undefined) variants.set(world, one);
  }
  return mergeTask(variants, own, to);
}

/** Where a task stands: in a file that is included, or else in the main one. */
const placeOf = ({ task, line }: MadeTask, file: string): SourcePlace => task.place ?? { file, line };

/** The default of another reading than the first one is no default. */
function withoutAliases(made: MadeTask): MadeTask {
  const { aliases: _, ...table } = made.task.table;
  return { ...made, task: { ...made.task, table } };
}

interface MergeTo {
  readonly report: ReportItem[];
  readonly file: string;
  /** The readings in which a task can differ; all of them where it is missing. */
  readonly worldsOf?: (task: string) => TaskWorlds;
  /** Whether there are further readings that nobody has looked at, and nothing tells which tasks they are of. */
  readonly isCut: boolean;
  /** Gets the conditions that were not combined with all others, as far as a task depends on them. */
  readonly loose?: LooseCondition[];
  /** Gets the tasks that are as where nothing is set. */
  readonly fixed?: Map<string, readonly LooseCondition[]>;
}

function mergeTask(
  given: ReadonlyMap<World, MadeTask>,
  worlds: readonly World[],
  { report, file, isCut }: MergeTo,
): readonly MadeTask[] {
  const variants = withoutSkipped(given);
  const [main] = variants.values();
  if (main === undefined) return [];
  const tables = [...variants.values()].map(({ task }) => task.table);
  const exists = whenIn(worlds, new Set(variants.keys()));
  const left = (why: string): readonly MadeTask[] => {
    report.push({ ...placeOf(main, file), severity: "left-out", what: main.target, why });
    return [refused(main, file)];
  };
  if (exists === undefined) return left("it is there under a condition that can't be expressed");
  const whole = main;
  const conditional = (table: TaskTable): TaskTable => {
    const parts = [exists, table.condition ?? ""].filter((part) => part !== "");
    return parts.length === 0
      ? table
      : {
          ...table,
          condition: parts.length === 1 ? (parts[0] ?? "") : parts.map((part) => `(${part})`).join(" && "),
        };
  };
  if (isSame(tables)) return [{ ...whole, task: { ...main.task, table: conditional(main.task.table) } }];
  if (!isSame(tables.map(fixedPart))) return left("what it is depends on conditions that can't be expressed");
  const asked = confirmKeys(variants);
  if (asked === undefined) return left("whether it asks depends on conditions that can't be expressed");
  if (isSame(tables.map((table) => [stepsOf(table), depsOf(table), table.confirm]))) {
    const { inputs: _in, outputs: _out, status: _status, ...always } = main.task.table;
    const isText = isSame(tables.map(({ inputs, outputs, status }) => [inputs, outputs, status]));
    const why = "it always runs, as what it needs and makes depends on conditions";
    if (!isText) report.push({ ...placeOf(main, file), severity: "approximated", what: main.target, why });
    return [{ ...whole, task: { ...main.task, table: conditional(isText ? main.task.table : always) } }];
  }
  const steps = conditionalLists(variants, ({ task }) => stepsOf(task.table));
  const deps = conditionalLists(variants, ({ task }) => depsOf(task.table));
  if (isCut || steps === undefined || deps === undefined)
    return left("its commands depend on conditions that can't be expressed");
  const {
    cmd: _cmd,
    cmds: _cmds,
    deps: _deps,
    deps_serial: _serial,
    confirm: _confirm,
    inputs: _in,
    outputs: _out,
    status: _status,
    ...rest
  } = main.task.table;
  const isMade = isSame(tables.map(({ inputs, outputs, status }) => [inputs, outputs, status]));
  const entries = deps.map(({ item, when }) => withCondition(item, when));
  const cmds = steps.map(({ item, when }) => conditionalStep(item, when));
  const isSerial = tables.some((table) => table.deps_serial !== undefined);
  const table: TaskTable = {
    ...rest,
    ...(entries.length === 0 ? {} : isSerial ? { deps_serial: entries } : { deps: entries }),
    ...(cmds.length === 0 ? {} : { cmds }),
    ...(isMade ? filesOf(main.task.table) : {}),
    ...asked,
  };
  const { keyComments: _comments, ...task } = main.task;
  return [{ ...whole, task: { ...task, table: conditional(table) } }];
}

const filesOf = ({ inputs, outputs, status }: TaskTable): TaskTable => ({
  ...(inputs === undefined ? {} : { inputs }),
  ...(outputs === undefined ? {} : { outputs }),
  ...(status === undefined ? {} : { status }),
});

/** The question that all or some readings ask, and when; undefined where they ask different ones. */
function confirmKeys(variants: ReadonlyMap<World, MadeTask>): TaskTable | undefined {
  const asking = [...variants].filter(([, { task }]) => task.table.confirm !== undefined);
  const [first] = asking;
  if (first === undefined) return {};
  const { confirm = true } = first[1].task.table;
  if (asking.some(([, { task }]) => task.table.confirm !== confirm)) return undefined;
  const when = whenIn([...variants.keys()], new Set(asking.map(([world]) => world)));
  if (when === undefined) return undefined;
  return when === "" ? { confirm } : { confirm, confirm_if: when };
}

/** Where a task would be skipped in some readings only, it counts as not there in them. */
function withoutSkipped(given: ReadonlyMap<World, MadeTask>): ReadonlyMap<World, MadeTask> {
  const isFixed = ({ task }: MadeTask): boolean => /^(?:true|false)$/.test(task.table.condition ?? "");
  const kept = [...given].filter(([, made]) => !(isFixed(made) && made.task.table.condition === "false"));
  if (kept.length === 0) return given;
  return new Map(
    kept.map(([world, made]) => {
      const { condition: _, ...table } = made.task.table;
      return [world, isFixed(made) ? { ...made, task: { ...made.task, table } } : made];
    }),
  );
}

const isSame = (values: readonly unknown[]): boolean =>
  new Set(values.map((value) => JSON.stringify(value))).size <= 1;

/** What has to be the same in all readings, as no condition can stand before it. */
function fixedPart(table: TaskTable): TaskTable {
  const {
    cmd: _cmd,
    cmds: _cmds,
    deps: _deps,
    deps_serial: _serial,
    inputs: _in,
    outputs: _out,
    status: _status,
    description: _text,
    aliases: _names,
    confirm: _confirm,
    ...rest
  } = table;
  return rest;
}

/** The task with a command that fails in the place of what it did; those that call it go on giving it its arguments. */
function refused(made: MadeTask, file: string): MadeTask {
  const { name, source, table, comments, place } = made.task;
  const { description, aliases, args } = table;
  return {
    ...made,
    isWhole: false,
    task: {
      name,
      ...(source === undefined ? {} : { source }),
      ...(place === undefined ? {} : { place }),
      table: {
        ...(description === undefined ? {} : { description }),
        ...(aliases === undefined ? {} : { aliases }),
        ...(args === undefined ? {} : { args }),
        cmd: refusal(placeOf(made, file)),
      },
      ...(comments === undefined ? {} : { comments }),
    },
  };
}

const stepsOf = (table: TaskTable): readonly Step[] => {
  if (table.cmds !== undefined) return table.cmds.flatMap(asDecided);
  return typeof table.cmd === "string" && table.cmd !== ":" ? [table.cmd] : [];
};

/** A step whose condition one reading has decided: none, or without the condition. */
function asDecided(step: Step): readonly Step[] {
  if (typeof step === "string" || (step.if !== "true" && step.if !== "false")) return [step];
  const { if: decided, ...rest } = step;
  return decided === "true" ? [rest] : [];
}

type Dependency = NonNullable<TaskTable["deps"]>[number];

const depsOf = (table: TaskTable): readonly Dependency[] => [
  ...(table.deps ?? []),
  ...(table.deps_serial ?? []),
];

function withCondition(item: Dependency, condition: string): Dependency {
  if (condition === "") return item;
  return typeof item === "string" ? { task: item, if: condition } : { ...item, if: both(item.if, condition) };
}

function conditionalStep(item: Step, condition: string): Step {
  const system = /^platform (==|!=) '(\w+)'$/.exec(condition);
  const systems = ["linux", "darwin", "windows"].filter(
    (name) => (name === system?.[2]) === (system?.[1] === "=="),
  );
  const extra = condition === "" ? undefined : system === null ? { if: condition } : { platforms: systems };
  if (extra === undefined) return item;
  if (typeof item === "string") return { cmd: item, ...extra };
  const isBoth = system === null ? item.if !== undefined : item.platforms !== undefined;
  return { ...item, ...(isBoth ? { if: both(item.if, condition) } : extra) };
}

/** Two conditions as one. */
const both = (own: string | undefined, condition: string): string =>
  own === undefined ? condition : `(${own}) && (${condition})`;

/** One list of what all readings have, each item with its condition; undefined where one can't be expressed. */
function conditionalLists<T>(
  variants: ReadonlyMap<World, MadeTask>,
  listOf: (made: MadeTask) => readonly T[],
): readonly { readonly item: T; readonly when: string }[] | undefined {
  const own = [...variants.keys()];
  const lists = own.map((world) => {
    const made = variants.get(world);
    return [world, made === undefined ? [] : listOf(made)] as const;
  });
  // A reading that has most of them tells their order; where few are in each, they come in the order of the readings.
  for (const order of [lists, lists.toSorted((a, b) => b[1].length - a[1].length)]) {
    const said: { readonly item: T; readonly when: string }[] = [];
    const merged = mergeLists(new Map(order));
    for (const { item, worlds } of merged) {
      const when = whenIn(own, worlds);
      if (when === undefined) break;
      said.push({ item, when });
    }
    if (said.length === merged.length) return said;
  }
  return undefined;
}

interface Merged<T> {
  readonly item: T;
  readonly worlds: ReadonlySet<World>;
}

/** One list that holds each of the lists in its order, with the worlds that have each item. */
function mergeLists<T>(lists: ReadonlyMap<World, readonly T[]>): readonly Merged<T>[] {
  let merged: { readonly item: T; readonly text: string; readonly worlds: Set<World> }[] = [];
  for (const [world, list] of lists) {
    const next: typeof merged = [];
    let at = 0;
    for (const item of list) {
      const text = JSON.stringify(item);
      const found = merged.findIndex((entry, index) => index >= at && entry.text === text);
      if (found === -1) next.push({ item, text, worlds: new Set([world]) });
      else {
        next.push(...merged.slice(at, found));
        const entry = merged[found];
        entry?.worlds.add(world);
        if (entry !== undefined) next.push(entry);
        at = found + 1;
      }
    }
    merged = [...next, ...merged.slice(at)];
  }
  return merged;
}
