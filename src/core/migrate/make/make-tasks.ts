import { descriptionOf, fileKeys, finished, inFolder, patternName } from "./target-keys";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConvertedTask, ReportItem } from "#core/migrate/conversion";
import { refusal, type MadeTask, type Step } from "#core/migrate/made-task";
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
    if (
      this.#options.report.some(
        (item) => item.file === file && item.line === line && item.what === what && item.why === why,
      )
    )
      return;
    this.#options.report.push({ file, line, severity, what, why });
  }

  #task(target: Target, name: string, isDefault: boolean): MadeTask {
    const commands = this.#commands(target);
    const { described, comments } = descriptionOf(target);
    const keyComments: Record<string, readonly string[]> = {};
    const body = this.#isListed(".ONESHELL", target, true)
      ? this.#script(target, commands)
      : this.#steps(target, commands, { keyComments, ignoresAll: this.#isListed(".IGNORE", target) });
    const { deps, files, isAlways } = this.#dependencies(target);
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
    return rules.flatMap((rule) =>
      recipeCommands(rule.recipe, (text) =>
        this.#makefile.expand(text, this.#automatic(target, rule, scope)),
      ),
    );
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

  /** The automatic variables of a rule for one of its targets (GNU make manual, "Automatic Variables"). */
  #automatic(target: Target, rule: Rule, own: Scope): Scope {
    const words = target.rules.flatMap((one) => prerequisitesOf(target, one));
    const ordered = [
      ...prerequisitesOf(target, rule),
      ...words.filter((word) => !rule.prerequisites.includes(word)),
    ];
    const all =
      rule.pattern === undefined
        ? ordered
        : [...prerequisitesOf(target, rule), ...words].filter(
            (word, index, list) => list.indexOf(word) === index,
          );
    const stem = rule.pattern === undefined ? undefined : stemOf(rule.pattern, target.name);
    const withFolder = (text: string): Pieces => this.#makefile.marks.piecesOf(text);
    const withStem = (text: string): Pieces =>
      target.isPattern
        ? text
            .split("%")
            .flatMap((part, index) => [
              ...(index === 0 ? [] : [{ kind: "stem" } as const]),
              ...withFolder(part),
            ])
        : withFolder(text);
    const reason = target.rules.find(({ unknown }) => unknown !== undefined)?.unknown;
    const known = (value: Pieces): Pieces => (reason === undefined ? value : [reason]);
    const never = (sign: string): Pieces => [
      { kind: "unknown", what: `$${sign}`, why: "there is no list of prerequisites that are newer" },
    ];
    return new Map<string, Pieces>([
      ...own,
      ["@", withStem(target.name)],
      ["<", known(withStem(all[0] ?? ""))],
      ["^", known(withStem([...new Set(all)].join(" ")))],
      ["+", known(withStem(all.join(" ")))],
      ["|", withStem(rule.orderOnly.join(" "))],
      ["*", target.isPattern ? [{ kind: "stem" }] : withFolder(stem ?? "")],
      ["?", target.isPhony && reason === undefined ? withStem([...new Set(all)].join(" ")) : never("?")],
      ["%", never("%")],
    ]);
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
    const steps: Step[] = [];
    const above: string[] = [];
    let isWhole = true;
    const file = target.main.file;
    const comment = (line: string): void => void above.push(line);
    for (const command of commands) {
      const failed = unknownIn(command.pieces);
      const text = failed === undefined ? renderShell(command.pieces, this.#options) : "";
      if (failed === undefined && text.startsWith("#") && !text.includes("\n")) {
        comment(text.replace(/^#+\s?/, ""));
        continue;
      }
      if (above.length > 0) keyComments[`cmds.${steps.length}`] = above.splice(0);
      if (failed !== undefined) {
        isWhole = false;
        this.#report(
          { file, line: command.line },
          { severity: "left-out", what: failed.what, why: failed.why },
        );
        keyComments[`cmds.${steps.length}`] = [
          ...(keyComments[`cmds.${steps.length}`] ?? []),
          `zr: not converted (${file}:${command.line}): ${failed.why}`,
          command.source,
        ];
        steps.push(refusal({ file, line: command.line }));
        continue;
      }
      const calls = command.source.includes("MAKE")
        ? this.#calls(text, { file, line: command.line })
        : undefined;
      const isIgnored = command.isIgnored || ignoresAll;
      if (calls !== undefined)
        steps.push(...calls.map((call) => (isIgnored ? { ...call, allow_failure: true } : call)));
      else if (isIgnored) steps.push({ cmd: text, allow_failure: true });
      else steps.push(text);
    }
    if (above.length > 0) keyComments[steps.length === 0 ? "description" : "cmds"] = above;
    const [only] = steps;
    if (steps.length === 1 && typeof only === "string") {
      if (keyComments["cmds.0"] !== undefined) keyComments["cmd"] = keyComments["cmds.0"];
      delete keyComments["cmds.0"];
      return { table: { cmd: only }, isWhole };
    }
    return { table: steps.length === 0 ? {} : { cmds: steps }, isWhole };
  }

  /** `$(MAKE) a b` as calls of tasks, where it asks for nothing else. */
  #calls(
    text: string,
    at: { readonly file: string; readonly line: number },
  ): readonly { readonly task: string; readonly env?: Record<string, string> }[] | undefined {
    if (!/(?:^|[\s;&|(])make\b/.test(text)) return undefined;
    const match = /^make((?:\s+(?:-s|--silent|--quiet|--no-print-directory))*)((?:\s+[\w./:=-]+)+)$/.exec(
      text,
    );
    const words = (match?.[2] ?? "").trim().split(/\s+/);
    const given = words.filter((word) => /^[A-Za-z_]\w*=/.test(word));
    const names = words.filter((word) => !given.includes(word)).map((word) => this.#names.get(word));
    const areFree = given.every((word) => {
      const variable = this.#makefile.variables.get(word.slice(0, word.indexOf("=")));
      return variable === undefined || variable.flavor === "optional";
    });
    if (match === null || names.length === 0 || names.includes(undefined) || !areFree) {
      this.#report(at, {
        severity: "approximated",
        what: text.replaceAll(/\s+/g, " "),
        why: "it still calls make",
      });
      return undefined;
    }
    const env = Object.fromEntries(
      given.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
    );
    return names.flatMap((task) =>
      task === undefined ? [] : [given.length === 0 ? { task } : { task, env }],
    );
  }

  /** Prerequisites that are tasks, in order, and those that are files. */
  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  #dependencies(target: Target): {
    readonly deps: readonly string[];
    readonly files: readonly string[];
    readonly isAlways: boolean;
  } {
    const deps: string[] = [];
    const files: string[] = [];
    let isAlways = target.rules.some(({ unknown }) => unknown !== undefined);
    const words = target.rules
      .toSorted((a, b) => Number(b.recipe.length > 0) - Number(a.recipe.length > 0))
      .flatMap((rule) => [
        ...prerequisitesOf(target, rule).map((word) => ({ word, isOrder: false })),
        ...rule.orderOnly.map((word) => ({ word, isOrder: true })),
      ]);
    for (const { word, isOrder } of words) {
      if (target.isPattern && word.includes("%")) {
        this.#patternPrerequisite(target, word);
        continue;
      }
      const known = this.#targets.find(({ name }) => name === word || name === `./${word}`);
      const byPattern =
        known === undefined || (known.main.recipe.length === 0 && !known.isPhony)
          ? this.#patternFor(word)
          : undefined;
      const task =
        byPattern === undefined
          ? known === undefined
            ? undefined
            : this.#names.get(known.name)
          : patternName(inFolder(this.#makefile.marks.shown(word)));
      if (task === undefined) {
        if (known !== undefined || this.#makefile.phony.has(word)) isAlways = true;
        else if (!isOrder) files.push(word);
        if (known === undefined && !word.endsWith(".o") && this.#makefile.isThere(word) === false)
          this.#report(target, {
            severity: "approximated",
            what: `${this.#shown(target)}: ${inFolder(word)}`,
            why: "no rule makes it and there is no such file: make would stop, the task goes on",
          });
        if (known === undefined && word.endsWith(".o"))
          this.#report(target, {
            severity: "left-out",
            what: word,
            why: "it is made by a rule that is built into make",
          });
      } else {
        if (!isOrder && known?.isPhony === true) isAlways = true;
        else if (!isOrder) files.push(word);
        if (!deps.includes(task)) deps.push(task);
      }
    }
    for (const rule of target.rules)
      if (rule.unknown !== undefined)
        this.#report(rule, {
          severity: target.isPhony || !rule.isListed ? "left-out" : "approximated",
          what: rule.unknown.what,
          why: rule.unknown.why,
        });
    return { deps, files: [...new Set(files)], isAlways };
  }

  #patternFor(word: string): Target | undefined {
    return this.#targets.find(
      (target) =>
        target.isPattern &&
        target.main.recipe.length > 0 &&
        this.#names.has(target.name) &&
        target.name !== "%" &&
        (stemOf(target.name, word) ?? "") !== "" &&
        !this.#makefile.marks.isOpen(stemOf(target.name, word) ?? ""),
    );
  }

  #patternPrerequisite(target: Target, word: string): void {
    const made = this.#targets.find(
      (other) =>
        other !== target &&
        other.isPattern &&
        other.main.recipe.length > 0 &&
        suffix(other.name) === suffix(word),
    );
    if (made !== undefined)
      this.#report(target, {
        severity: "approximated",
        what: `${target.name}: ${word}`,
        why: "the task does not make what it needs; name it among the 'deps' of those that need it",
      });
  }
}

const suffix = (name: string): string => name.slice(name.lastIndexOf("%"));
