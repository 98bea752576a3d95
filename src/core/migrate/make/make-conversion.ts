import { combinedUses } from "#core/migrate/combined-uses";
import type { ConvertedFile, Conversion, ReportItem } from "#core/migrate/conversion";
import type { EnvTable } from "#core/config/schema/sections";
import type { MadeTask } from "#core/migrate/made-task";
import type { LooseCondition, ReadingLimits } from "#core/migrate/explore-worlds";
import { isAlone, looseConditionsReport } from "#core/migrate/loose-conditions";
import { mergeWorlds } from "#core/migrate/merge-worlds";
import { newUses, type Uses } from "#core/migrate/pieces";
import {
  shareSettings,
  withOwnSettings,
  type SharedSettings,
  type WorldSettings,
} from "#core/migrate/shared-settings";
import { lostOverridesReport } from "#core/migrate/lost-overrides";
import { readLikelyWorlds, readWorlds, type Readings, type TaskWorlds } from "#core/migrate/read-worlds";
import { RememberedReadings } from "#core/migrate/remembered-readings";
import type { Reading, World, WorldRequest } from "#core/migrate/worlds";
import { settingsOf, unfailing } from "./make-settings";
import { makeTasks } from "./make-tasks";
import type { Makefile } from "./makefile";
import { errorTask, isErrorTask, withErrors } from "./stop-errors";
import { inFolder } from "./target-keys";
import type { KnownFiles, WantedFiles } from "./known-files";
import { readMakefile } from "./makefile-reader";
import { targetsOf } from "./target";

/** Readings for one system, and the length of the text, in characters, that may be read in them; of several, half. */
const MOST_READINGS = 1200;
const LEAST_READINGS = 48;
const MOST_TEXT = 2_000_000;

/** A Makefile, read for one world, with what becomes of it. */
interface MakeReading extends Reading {
  readonly makefile: Makefile;
  readonly tasks: readonly MadeTask[];
  readonly uses: Uses;
  readonly report: readonly ReportItem[];
  readonly settings: WorldSettings;
  readonly wanted: WantedFiles;
}

/** What is known of a Makefile, and each of its readings so far. */
export class MakeReadings {
  readonly #main: string;
  readonly #files: KnownFiles;
  #inline: ReadonlySet<string> = new Set();
  #known = new RememberedReadings<MakeReading>();

  constructor(main: string, files: KnownFiles) {
    this.#main = main;
    this.#files = files;
  }

  /** Files and patterns that the most likely readings ask for and that nobody has looked for. */
  wanted(): WantedFiles {
    this.#known.forget(({ wanted }) => wanted.texts.size + wanted.globs.size > 0);
    // What the first one asks for, most others do, so that they are only made once it is there.
    const { wanted } = this.#known.take({ system: "linux", departures: [] }, this.#read).reading;
    const isComplete = wanted.texts.size + wanted.globs.size === 0;
    const all = isComplete ? this.#likely().map((one) => one.wanted) : [wanted];
    return {
      texts: new Set(all.flatMap(({ texts }) => [...texts])),
      globs: new Set(all.flatMap(({ globs }) => [...globs])),
    };
  }

  /** What the file says where nothing is set. */
  usual(): Makefile {
    return this.#known.take({ system: "linux", departures: [] }, this.#read).reading.makefile;
  }

  /** Readings in which variables that differ are written out, and what they use together. */
  settled(): { readonly readings: Readings<MakeReading>; readonly uses: Uses } {
    // Most names that differ are found in few readings, so that the many are made only once.
    while (this.#writesOut(combinedUses(this.#likely().map(({ uses }) => uses)).differing));
    for (;;) {
      const readings = readWorlds(this.#read, this.#known, this.#limits());
      const { uses, differing } = combinedUses([...readings.worlds.values()].map((one) => one.uses));
      if (!this.#writesOut(differing)) return { readings, uses };
    }
  }

  #likely(): readonly MakeReading[] {
    return readLikelyWorlds(this.#read, this.#known, this.#limits().worlds);
  }

  /** The longer the file, the fewer readings, so that the time they take together has a limit. */
  #limits(): ReadingLimits {
    const length = [...this.#files.texts.values()].reduce((sum, text = "") => sum + text.length, 0);
    const { asksSystem } = this.#known.take({ system: "linux", departures: [] }, this.#read).reading;
    const most = Math.floor((asksSystem ? MOST_TEXT / 2 : MOST_TEXT) / (length + 1));
    const readings = Math.min(MOST_READINGS, Math.max(LEAST_READINGS, most));
    return {
      worlds: Math.min(64, Math.floor(readings / 3)),
      cluster: Math.min(400, readings),
      readings,
    };
  }

  readonly #read = (world: WorldRequest): MakeReading =>
    readOne({ main: this.#main, files: this.#files, inline: this.#inline }, world);

  /** Whether any of the names was not written out so far. */
  #writesOut(names: readonly string[]): boolean {
    if (names.every((name) => this.#inline.has(name))) return false;
    this.#inline = new Set([...this.#inline, ...names]);
    this.#known = new RememberedReadings();
    return true;
  }
}

interface Source {
  readonly main: string;
  readonly files: KnownFiles;
  /** Variables that differ between readings, and so are written out where they are used. */
  readonly inline: ReadonlySet<string>;
}

function readOne({ main, files, inline }: Source, world: WorldRequest): MakeReading {
  const wanted: WantedFiles = { texts: new Set(), globs: new Set() };
  const makefile = readMakefile({ main, files, wanted, ...world });
  const uses = newUses();
  const report: ReportItem[] = [];
  const tasks = [...makeTasks(makefile, { uses, inline, report }), ...errorTask(makefile)];
  const settings = settingsOf(makefile, report);
  let parts: ReadonlyMap<string, string> | undefined;
  return {
    facts: makefile.facts,
    asksSystem: makefile.asksSystem(),
    isFailed: makefile.errors.length > 0,
    parts: () => (parts ??= partsOf({ makefile, tasks, settings })),
    makefile,
    tasks,
    uses,
    report,
    settings,
    wanted,
  };
}

/** Settings, variables with all that is assigned to them, and tasks with the text of their rules. */
function partsOf({
  makefile,
  tasks,
  settings,
}: Pick<MakeReading, "makefile" | "tasks" | "settings">): ReadonlyMap<string, string> {
  // A file that is read where it exists is one that may be missing, which changes no task.
  const isAsked = (path: string): boolean =>
    makefile.facts.some(({ expression }) => expression === `file.exists('${path.replace(/\?$/, "")}')`);
  const dotenv = settings.dotenv?.filter((path) => !isAsked(path));
  const parts = new Map<string, string>([
    ["", JSON.stringify({ ...settings, dotenv })],
    ...makefile.assigned,
  ]);
  const shown = (name: string): string => inFolder(makefile.marks.shown(name));
  const rulesOf = new Map<string, Makefile["rules"][number][]>();
  for (const rule of makefile.rules)
    for (const name of new Set(rule.targets.map(shown)))
      rulesOf.set(name, [...(rulesOf.get(name) ?? []), rule]);
  for (const { task, target } of tasks) {
    const rules = rulesOf.get(target) ?? [];
    const own = makefile.ofTargets.filter((one) => shown(one.target) === target).map(({ raw }) => raw);
    const texts = rules.flatMap(({ source, recipe }) => [source, ...recipe.map(({ text }) => text)]);
    parts.set(`task ${task.name}`, JSON.stringify([task.table, texts, own]));
  }
  return parts;
}

/** What becomes of a Makefile whose included files are known. */
export function conversionOf(main: string, of: MakeReadings): Conversion {
  const { readings, uses } = of.settled();
  return convertedFrom(readings, { main, uses });
}

function convertedFrom(
  { worlds, worldsOf, isCut, loose: all }: Readings<MakeReading>,
  { main, uses }: { readonly main: string; readonly uses: Uses },
): Conversion {
  const readings = [...worlds.values()];
  const report = readings.flatMap((reading) => reading.report);
  const shared = shareSettings(
    new Map([...worlds].map(([world, { settings }]) => [world, settings])),
    (when) => isAlone(when, all),
  );
  const made = new Map(
    [...worlds].map(
      ([world, { tasks }]) =>
        [
          world,
          tasks.flatMap((made) =>
            isErrorTask(made.task.name) ? [made] : withOwnSettings([made], shared.own.get(world)),
          ),
        ] as const,
    ),
  );
  const loose = all.filter(({ isSeen }) => !isSeen);
  const fixed = new Map<string, readonly LooseCondition[]>();
  const merged = mergeWorlds(made, {
    report,
    file: main,
    isCut,
    worldsOf: withoutErrors(worlds, worldsOf),
    fixed,
    loose,
  });
  const tasks = withErrors(merged, main);
  report.push(
    ...generalRemarks(main, uses),
    ...looseConditionsReport(loose, fixed),
    ...readings.flatMap(({ makefile }) => remarksOf(makefile)),
    ...lostOverridesReport(
      readings.map(({ makefile }) => makefile.overrides),
      { written: uses.written, tool: "make" },
    ),
  );
  const names = new Set(readings.flatMap(({ makefile }) => targetNames(makefile)));
  const whole = new Set(tasks.filter(({ isWhole }) => isWhole).map(({ target }) => target));
  const [first] = readings;
  const header = first?.makefile.header ?? [];
  const file: ConvertedFile = {
    path: "zr.toml",
    ...(header.length > 0 ? { comments: header } : {}),
    ...(first === undefined ? {} : sectionsOf(first.makefile, shared, uses)),
    tasks: tasks.map(({ task }) => task),
  };
  return {
    sources: first?.makefile.files ?? [main],
    files: [file],
    report: unique(report),
    total: names.size + Math.max(0, ...readings.map(({ makefile }) => makefile.nameless)),
    converted: [...names].filter((name) => whole.has(name)).length,
  };
}

/** Where make stops at once, nothing of its tasks counts. */
function withoutErrors(
  worlds: ReadonlyMap<World, MakeReading>,
  worldsOf: Readings<MakeReading>["worldsOf"],
): (task: string) => TaskWorlds {
  const all: TaskWorlds = { worlds: new Set(worlds.keys()), loose: [] };
  const running = (some: ReadonlySet<World>): ReadonlySet<World> => {
    const left = [...some].filter((world) => worlds.get(world)?.makefile.errors.length === 0);
    return left.length === 0 ? some : new Set(left);
  };
  return (task) => {
    const own = worldsOf?.(task) ?? all;
    if (isErrorTask(task)) return own;
    const { worlds: plain, sampled, loose } = own;
    return { worlds: running(plain), loose, ...(sampled === undefined ? {} : { sampled: running(sampled) }) };
  };
}

const generalRemarks = (file: string, uses: Uses): readonly ReportItem[] =>
  [...uses.fixed].map((name) => ({
    file,
    line: 1,
    severity: "approximated",
    what: name,
    why: `its default can't stand in a shell's \${${name}-…}, so it is a value of [vars] and no longer taken from the environment: use --set`,
  }));

const remarksOf = (makefile: Makefile): readonly ReportItem[] => [
  ...makefile.remarks(),
  ...(makefile.dotenv.length === 0
    ? []
    : [
        {
          file: makefile.files[0] ?? "Makefile",
          line: 1,
          severity: "note" as const,
          what: makefile.dotenv.join(" "),
          why: "it is read as a dotenv file, with its rules for quotes",
        },
      ]),
];

const targetNames = (makefile: Makefile): readonly string[] =>
  targetsOf(makefile)
    .filter(({ rules }) =>
      rules.some(
        ({ recipe, prerequisites, unknown }) =>
          recipe.length + prerequisites.length > 0 || unknown !== undefined,
      ),
    )
    .map(({ name }) => inFolder(makefile.marks.shown(name)));

function sectionsOf(
  makefile: Makefile,
  shared: SharedSettings,
  uses: Uses,
): Pick<ConvertedFile, "sections" | "sectionComments"> {
  const once = Object.fromEntries([...uses.once].map(([name, cmd]) => [name, { cmd: unfailing(cmd) }]));
  const env: EnvTable = { ...once, ...shared.env };
  const comments: Record<string, readonly string[]> = {};
  for (const [name, lines] of makefile.comments) {
    if (uses.vars.has(name)) comments[`vars.${name}`] = lines;
    else if (env[name] !== undefined) comments[`env.${name}`] = lines;
  }
  const global = {
    ...(shared.shell === undefined ? {} : { shell: shared.shell }),
    ...(shared.dotenv === undefined ? {} : { dotenv: shared.dotenv }),
  };
  return {
    sections: {
      ...(Object.keys(global).length === 0 ? {} : { global }),
      ...(uses.vars.size === 0 ? {} : { vars: Object.fromEntries(uses.vars) }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    ...(Object.keys(comments).length === 0 ? {} : { sectionComments: comments }),
  };
}

const unique = (report: readonly ReportItem[]): readonly ReportItem[] => [
  ...new Map(report.map((item) => [JSON.stringify(item), item])).values(),
];
