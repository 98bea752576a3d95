import { descriptionOf, fileKeys, finished, inFolder, patternName } from "./target-keys";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConvertedTask, ReportItem } from "#core/migrate/conversion";
import { refusal, type MadeTask } from "#core/migrate/made-task";
import { StepList } from "#core/migrate/step-list";
import { taskName } from "#core/migrate/zr-text";
import type { Scope } from "./expansion-host";
import type { Makefile, Rule } from "./makefile";
import { FOLDER_MARK } from "./reader-text";
import {
  constantOf,
  renderShell,
  textPieces,
  unknownIn,
  type Pieces,
  type RenderOptions,
} from "#core/migrate/pieces";
import { automaticVariables } from "./automatic-variables";
import { callsMake, taskCalls } from "./make-calls";
import { reportOnce } from "#core/migrate/report-once";
import { targetDependencies } from "./target-dependencies";
import { recipeCommands, type RecipeCommand } from "./recipe";
import { prerequisitesOf, targetsOf, type Target } from "./target";
import { stemOf } from "./text-functions";

export interface MakeTasksOptions extends RenderOptions {
  readonly report: ReportItem[];
}

/** Makes tasks of the targets of a Makefile. */
export function makeTasks(makefile: Makefile, options: MakeTasksOptions): readonly MadeTask[] {
  return new TaskMaker(makefile, options).tasks();
}

class TaskMaker {
  readonly #makefile: Makefile;
  readonly #options: MakeTasksOptions;
  readonly #targets: readonly Target[];
  readonly #names = new Map<string, string>();

  constructor(makefile: Makefile, options: MakeTasksOptions) {
    this.#makefile = makefile;
    this.#options = options;
    this.#targets = targetsOf(makefile);
    const taken = new Set<string>();
    for (const target of this.#targets) {
      if (this.#isEmpty(target)) continue;
      const shown = inFolder(makefile.marks.shown(target.name));
      const base = target.isPattern
        ? patternName(shown.replace("%", "*"))
        : taskName(shown.replace(/\/$/, ""));
      if (
        base === undefined ||
        base === "*" ||
        /[^\p{L}\p{N}_\-./:*]/u.test(base) ||
        (base.match(/\*/g) ?? []).length > 1
      ) {
        this.#report(target, {
          severity: "left-out",
          what: shown,
          why: "no task can have such a name",
        });
        continue;
      }
      let name = base;
      for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
      taken.add(name);
      this.#names.set(target.name, name);
    }
  }

  tasks(): readonly MadeTask[] {
    const goal = this.#defaultGoal();
    return this.#targets.flatMap((target) => {
      const name = this.#names.get(target.name);
      if (name === undefined) return [];
      return [this.#makefile.apart(() => this.#task(target, name, target === goal), target.main)];
    });
  }

  /** Where a task comes from, and what make calls it where that is a name that can be given to make. */
  #origin(
    { name: target, main: { file, line } }: Target,
    name: string,
  ): Pick<ConvertedTask, "source" | "place"> {
    const isPlain = !this.#makefile.marks.isOpen(target) && !target.includes(FOLDER_MARK);
    return { ...(target === name || !isPlain ? {} : { source: target }), place: { file, line } };
  }

  #shown({ name }: Target): string {
    return inFolder(this.#makefile.marks.shown(name));
  }

  /** Neither recipe nor prerequisites: a mark such as FORCE. */
  #isEmpty({ rules }: Target): boolean {
    return rules.every(
      ({ recipe, prerequisites, orderOnly, unknown }) =>
        recipe.length + prerequisites.length + orderOnly.length === 0 && unknown === undefined,
    );
  }

  #defaultGoal(): Target | undefined {
    const { defaultGoal } = this.#makefile;
    if (defaultGoal !== undefined) return this.#targets.find(({ name }) => name === defaultGoal);
    return this.#targets.find(
      ({ name, isPattern }) => !isPattern && (!name.startsWith(".") || name.includes("/")),
    );
  }

  #report(
    at: Target | { readonly file: string; readonly line: number },
    { severity, what, why }: Pick<ReportItem, "severity" | "what" | "why">,
  ): void {
    const { file, line } = "main" in at ? at.main : at;
    reportOnce(this.#options.report, { file, line, severity, what, why });
  }

  #task(target: Target, name: string, isDefault: boolean): MadeTask {
    const commands = this.#commands(target);
    const { described, comments } = descriptionOf(target);
    const keyComments: Record<string, readonly string[]> = {};
    const body = this.#isListed(".ONESHELL", target, true)
      ? this.#script(target, commands)
      : this.#steps(target, commands, { keyComments, ignoresAll: this.#isListed(".IGNORE", target) });
    const { deps, files, isAlways } = targetDependencies(target, {
      makefile: this.#makefile,
      targets: this.#targets,
      names: this.#names,
      report: (at, item) => this.#report(at, item),
    });
    const isFile = !target.isPhony && !target.isPattern && commands.length > 0;
    const env = this.#ownEnv(target);
    const lost = target.rules.find(({ unknown }) => unknown !== undefined);
    if (lost !== undefined && (target.isPhony || commands.length === 0 || !lost.isListed))
      return this.#refused(target, name, lost);
    if (isFile && lost !== undefined)
      this.#report(target, {
        severity: "approximated",
        what: target.name,
        why: "it always runs, as its prerequisites are only known when it runs",
      });
    const table: TaskTable = {
      ...(described === undefined ? {} : { description: described }),
      ...(isDefault && name !== "default" && !this.#names.has("default") ? { aliases: ["default"] } : {}),
      ...(deps.length === 0 ? {} : deps.length === 1 ? { deps } : { deps_serial: deps }),
      ...(env === undefined ? {} : { env }),
      ...body.table,
      ...(isFile ? fileKeys(target, { files, isAlways, ...this.#options, marks: this.#makefile.marks }) : {}),
    };
    return {
      task: {
        name,
        ...this.#origin(target, name),
        table: finished(table),
        ...(comments.length === 0 ? {} : { comments }),
        ...(Object.keys(keyComments).length === 0 ? {} : { keyComments }),
      },
      target: this.#shown(target),
      line: target.main.line,
      isWhole: body.isWhole,
    };
  }

  #commands(target: Target): readonly RecipeCommand[] {
    const scope = this.#scope(target);
    const rules = target.main.isDouble ? target.rules : [target.main];
    return rules.flatMap((rule) => {
      const names = new Map([...scope, ...automaticVariables(target, rule, this.#makefile.marks)]);
      return recipeCommands(rule.recipe, (text) => this.#makefile.expand(text, names));
    });
  }

  /** A target of whose prerequisites nobody knows which they are. */
  #refused(target: Target, name: string, lost: Rule): MadeTask {
    const { described, comments } = descriptionOf(target);
    const what = lost.unknown?.what ?? "";
    const why = lost.unknown?.why ?? "";
    return {
      task: {
        name,
        ...this.#origin(target, name),
        table: { ...(described === undefined ? {} : { description: described }), cmd: refusal(lost) },
        comments,
        keyComments: { cmd: [`zr: not converted (${lost.file}:${lost.line}): ${why}`, what] },
      },
      target: this.#shown(target),
      line: target.main.line,
      isWhole: false,
    };
  }

  #isListed(special: string, { name }: Target, always = false): boolean {
    const names = this.#makefile.special.get(special);
    return names !== undefined && (always || names.length === 0 || names.includes(name));
  }

  /** What the target sets for itself, by name. */
  #scope(target: Target): Scope {
    const scope = new Map<string, Pieces>();
    for (const own of this.#makefile.ofTargets) {
      const isOwn =
        own.target === target.name ||
        (own.target.includes("%") && stemOf(own.target, target.name) !== undefined);
      if (!isOwn) continue;
      const before = scope.get(own.name) ?? this.#makefile.expand(`$(${own.name})`, scope);
      if (own.operator === "?=" && this.#makefile.variables.has(own.name)) continue;
      scope.set(
        own.name,
        own.operator === "+=" && before.length > 0
          ? [...before, ...textPieces(" "), ...own.value]
          : own.value,
      );
      this.#reportInherited(target, own.name, own);
    }
    return scope;
  }

  /** Prerequisites have the variables of their target too, in make. */
  #reportInherited(target: Target, name: string, at: { readonly file: string; readonly line: number }): void {
    const uses = new RegExp(`\\$[({]${name.replaceAll(/\W/g, "\\$&")}[)}:]`);
    for (const rule of target.rules) {
      for (const word of prerequisitesOf(target, rule)) {
        const used = this.#targets.find((other) => other.name === word);
        if (used?.main.recipe.some(({ text }) => uses.test(text)) === true)
          this.#report(at, {
            severity: "approximated",
            what: `${target.name}: ${name}`,
            why: `'${used.name}' runs with its own value of ${name}, as a variable of a target does not reach its prerequisites`,
          });
      }
    }
  }

  #ownEnv(target: Target): TaskTable["env"] | undefined {
    const env: Record<string, string> = {};
    for (const own of this.#makefile.ofTargets) {
      if (
        own.target !== target.name ||
        !(own.isExported || this.#makefile.exported.has(own.name) || this.#makefile.exportsAll)
      )
        continue;
      const value = constantOf(own.value);
      if (value === undefined)
        this.#report(own, {
          severity: "approximated",
          what: `${target.name}: ${own.name}`,
          why: "it is not exported, as its value is only known when it runs",
        });
      else env[own.name] = value.replaceAll("$", () => "$$");
    }
    return Object.keys(env).length === 0 ? undefined : env;
  }

  #script(
    target: Target,
    commands: readonly RecipeCommand[],
  ): { readonly table: TaskTable; readonly isWhole: boolean } {
    if (commands.length === 0) return { table: {}, isWhole: true };
    const failed = commands.map(({ pieces }) => unknownIn(pieces)).find((piece) => piece !== undefined);
    if (failed !== undefined) {
      this.#report(target, { severity: "left-out", what: failed.what, why: failed.why });
      return { table: { cmd: refusal(target.main) }, isWhole: false };
    }
    const lines = commands.flatMap(({ pieces }, index) => [
      ...(index === 0 ? [] : textPieces("\n")),
      ...pieces,
    ]);
    return { table: { script: `${renderShell(lines, this.#options)}\n` }, isWhole: true };
  }

  #steps(
    target: Target,
    commands: readonly RecipeCommand[],
    {
      keyComments,
      ignoresAll,
    }: { readonly keyComments: Record<string, readonly string[]>; readonly ignoresAll: boolean },
  ): { readonly table: TaskTable; readonly isWhole: boolean } {
    const steps = new StepList(keyComments);
    let isWhole = true;
    const file = target.main.file;
    for (const command of commands) {
      const failed = unknownIn(command.pieces);
      const text = failed === undefined ? renderShell(command.pieces, this.#options) : "";
      if (failed === undefined && text.startsWith("#") && !text.includes("\n")) {
        steps.comment(text.replace(/^#+\s?/, ""));
        continue;
      }
      steps.begin();
      if (failed !== undefined) {
        isWhole = false;
        this.#report(
          { file, line: command.line },
          { severity: "left-out", what: failed.what, why: failed.why },
        );
        steps.refuse({ file, line: command.line }, command.source, failed.why);
        continue;
      }
      const calls = command.source.includes("MAKE")
        ? this.#calls(text, { file, line: command.line })
        : undefined;
      const isIgnored = command.isIgnored || ignoresAll;
      if (calls !== undefined)
        steps.add(...calls.map((call) => (isIgnored ? { ...call, allow_failure: true } : call)));
      else if (isIgnored) steps.add({ cmd: text, allow_failure: true });
      else steps.add(text);
    }
    return { table: steps.finish(), isWhole };
  }

  /** The tasks that a command calls by make; undefined where it does not, or not only that, which is reported. */
  #calls(text: string, at: { readonly file: string; readonly line: number }): ReturnType<typeof taskCalls> {
    if (!callsMake(text)) return undefined;
    const calls = taskCalls(text, this.#names, this.#makefile.variables);
    if (calls === undefined)
      this.#report(at, {
        severity: "approximated",
        what: text.replaceAll(/\s+/g, " "),
        why: "it still calls make",
      });
    return calls;
  }
}
