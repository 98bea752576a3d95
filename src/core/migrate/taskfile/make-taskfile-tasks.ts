import { parameterKeys } from "./task-parameters";
import { fileKeys, globsOf, type FileContext } from "./task-files";
import { globLoop } from "./glob-loop";
import { loopRounds } from "./loop-rounds";
import { specialValue } from "./special-values";
import { envOf, givenTemplate, givenText, platformsOf } from "./task-environment";
import { fullName, patternName, requiredNames, taskEntries } from "./task-entries";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { ConvertedTask } from "#core/migrate/conversion";
import { isRefusal, refusal, type MadeTask, type Step } from "#core/migrate/made-task";
import { StepList } from "#core/migrate/step-list";
import type { RenderOptions } from "#core/migrate/pieces";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { taskName } from "#core/migrate/zr-text";
import type { LoadedTaskfile } from "./load-taskfiles";
import { TaskTexts, type Path } from "./task-texts";
import { overridable, TaskfileVariables } from "./taskfile-variables";
import { type Lookup, type TemplateFiller } from "./template-filler";

export interface TaskfileTasksOptions extends RenderOptions {
  readonly filler: TemplateFiller;
  /** The one for variables of the environment, which can't depend on the system. */
  readonly envFiller: TemplateFiller;
  readonly file: LoadedTaskfile;
  /** Variables of the file and of those around it. */
  readonly variables: TaskfileVariables;
  /** Names of all tasks and their aliases, as the main file calls them, with those of our tasks. */
  readonly names: ReadonlyMap<string, string>;
  /** Variables that callers give to a task, by its name. */
  readonly given: ReadonlyMap<string, ReadonlySet<string>>;
  /** Parameters that tasks declare, by their names. */
  readonly required: ReadonlyMap<string, ReadonlySet<string>>;
  readonly report: ConversionReport;
}

export function makeTaskfileTasks(options: TaskfileTasksOptions): readonly MadeTask[] {
  return taskEntries(options.file).flatMap(([name, task]) => new TaskfileTask(name, task, options).made());
}

class TaskfileTask {
  readonly #name: string;
  readonly #source: Table;
  readonly #options: TaskfileTasksOptions;
  readonly #full: string;
  readonly #lookup: Lookup;
  readonly #texts: TaskTexts;
  readonly #helpers: MadeTask[] = [];
  readonly #keyComments: Record<string, readonly string[]> = {};
  #isWhole = true;
  /** A dependency without which nothing is to run. */
  #lostDependency: Path | undefined;

  constructor(name: string, source: Table, options: TaskfileTasksOptions) {
    this.#name = name;
    this.#source = source;
    this.#options = options;
    this.#full = options.file.namespace + name;
    const given = options.given.get(this.#full);
    const required = new Set(requiredNames(source));
    const around: Lookup = (asked) => {
      const value = options.variables.lookup(asked);
      if (value === undefined) {
        const special = specialValue(asked, { task: name, full: this.#full, file: options.file });
        if (special !== undefined) return special;
      }
      if (required.has(asked) && /^[A-Za-z_][\w-]*$/.test(asked))
        return [{ kind: "param", name: asked, isSplit: false }];
      return given?.has(asked) === true ? overridable(asked, value) : value;
    };
    this.#lookup = new TaskfileVariables([tableAt(source, "vars")], {
      filler: options.filler,
      around,
      isTask: true,
    }).lookup;
    this.#texts = new TaskTexts({
      filler: options.filler,
      lookup: this.#lookup,
      render: options,
      leftOut: (path, what, why) => this.#leftOut(path, what, why),
    });
  }

  made(): readonly MadeTask[] {
    const name = this.#options.names.get(this.#full);
    const { namespace, isInternal } = this.#options.file;
    if (name === undefined) {
      this.#leftOut([], this.#full, "no task can have such a name");
      return [];
    }
    const task = this.#source;
    const deps = this.#deps();
    const body =
      this.#lostDependency === undefined ? this.#body() : { cmd: refusal(this.#place(this.#lostDependency)) };
    const isHidden = isInternal || task["internal"] === true;
    const description = this.#text("desc");
    const table: TaskTable = {
      ...(description === undefined ? {} : { description }),
      ...this.#aliases(namespace),
      ...(textAt(task, "summary") === undefined ? {} : { docs: textAt(task, "summary") ?? "" }),
      ...(isHidden && !name.startsWith("_") ? { hidden: true } : {}),
      ...parameterKeys(this.#source, this.#options.variables.lookup),
      ...(deps.length === 0 ? {} : { deps }),
      ...this.#conditions(),
      ...this.#folder(),
      ...this.#env(),
      ...fileKeys(this.#source, this.#fileContext()),
      ...this.#settings(),
      ...body,
    };
    const isBody = table.cmd !== undefined || table.cmds !== undefined || deps.length > 0;
    const comments = this.#comments();
    const converted: ConvertedTask = {
      name,
      ...(name === this.#full ? {} : { source: this.#full }),
      place: this.#place([]),
      table: isBody ? table : { ...table, cmd: ":" },
      ...(comments.length === 0 ? {} : { comments }),
      ...(Object.keys(this.#keyComments).length === 0 ? {} : { keyComments: this.#keyComments }),
    };
    return [
      { task: converted, target: this.#full, line: this.#line(), isWhole: this.#isWhole },
      ...this.#helpers,
    ];
  }

  /** The comments above the task, or above something in it. */
  #comments(...path: Path): readonly string[] {
    return this.#options.file.source
      .comments("tasks", this.#name, ...path)
      .map((line) => line.replace(/^#+\s?/, ""));
  }

  #line(...path: Path): number {
    return this.#options.file.source.line("tasks", this.#name, ...path);
  }

  #place(path: Path): { readonly file: string; readonly line: number } {
    return { file: this.#options.file.source.file, line: this.#line(...path) };
  }

  #leftOut(path: Path, what: string, why: string): void {
    this.#isWhole = false;
    this.#options.report.leftOut(this.#place(path), what, why);
  }

  #approximated(path: Path, why: string): void {
    this.#options.report.approximated(this.#place(path), `${this.#full}: ${path.join(".")}`, why);
  }

  #text(key: string): string | undefined {
    const source = textAt(this.#source, key);
    return source === undefined ? undefined : (this.#texts.plain(source) ?? source).trim();
  }

  #aliases(namespace: string): TaskTable {
    const { file, names } = this.#options;
    const own = textOrTextsAt(this.#source, "aliases").flatMap((alias) => [
      namespace + alias,
      ...file.aliases.map((other) => other + alias),
    ]);
    const others = file.aliases.map((other) => other + this.#name);
    const short =
      this.#name === "default" && namespace !== ""
        ? [namespace.slice(0, -1), ...file.aliases.map((other) => other.slice(0, -1))]
        : [];
    const mine = names.get(this.#full);
    const all = [...own, ...others, ...short]
      .flatMap((alias) => taskName(alias) ?? [])
      .filter((alias) => alias !== mine && names.get(alias) === mine);
    return all.length === 0 ? {} : { aliases: [...new Set(all)] };
  }

  #deps(): NonNullable<TaskTable["deps"]> {
    const deps: NonNullable<TaskTable["deps"]>[number][] = [];
    for (const [index, given] of listAt(this.#source, "deps").entries()) {
      const rounds = this.#loops(isTable(given) ? given["for"] : undefined, ["deps", index]);
      if (rounds === undefined) this.#lostDependency = ["deps", index];
      for (const lookup of rounds ?? []) {
        const call = this.#call(given, ["deps", index], lookup);
        if (call === undefined) {
          this.#lostDependency = ["deps", index];
          continue;
        }
        const { task, args, env } = call;
        const entry = args === undefined && env === undefined ? task : call;
        if (!deps.some((other) => JSON.stringify(other) === JSON.stringify(entry))) deps.push(entry);
      }
    }
    return deps;
  }

  /** A call of a task with what it is given. */
  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  #call(
    given: unknown,
    path: Path,
    lookup: Lookup,
  ):
    | { readonly task: string; readonly args?: Record<string, string>; readonly env?: Record<string, string> }
    | undefined {
    const source = typeof given === "string" ? given : textAt(given, "task");
    const name = source === undefined ? undefined : this.#texts.plain(source, lookup);
    if (source === undefined || name === undefined) {
      this.#leftOut(path, source ?? "a dependency", "which task it is is only known when it runs");
      return undefined;
    }
    const full = fullName(name, this.#options.file.namespace);
    const task = this.#options.names.get(full) ?? patternName(full, this.#options.names);
    if (task === undefined) {
      this.#leftOut(path, name, "there is no such task");
      return undefined;
    }
    const args: Record<string, string> = {};
    const env: Record<string, string> = {};
    const required = this.#options.required.get(full);
    for (const [key, value] of Object.entries(tableAt(given, "vars"))) {
      const template = givenTemplate(value);
      const pieces = template === undefined ? undefined : this.#options.filler.fill(template, lookup);
      const text =
        pieces === undefined ? undefined : givenText(pieces, required?.has(key) === true ? "arg" : "env");
      if (text === undefined || !/^[A-Za-z_][\w-]*$/.test(key))
        this.#leftOut(path, `${name}: ${key}`, "the value that it gives is only known when it runs");
      else if (required?.has(key) === true) args[key] = text;
      else env[key] = text;
    }
    return {
      task,
      ...(Object.keys(args).length === 0 ? {} : { args }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    };
  }

  #body(): TaskTable {
    const given = valueAt(this.#source, "cmds") ?? valueAt(this.#source, "cmd");
    const items: readonly unknown[] = Array.isArray(given)
      ? given
      : given === undefined || given === null
        ? []
        : [given];
    const steps = new StepList(this.#keyComments);
    const after: string[] = [];
    for (const [index, item] of items.entries()) {
      const path = ["cmds", index] as const;
      steps.comment(...this.#comments("cmds", index));
      steps.begin();
      if (isTable(item) && item["defer"] !== undefined) {
        const helper = this.#defer(item["defer"], path);
        if (helper !== undefined) after.unshift(helper);
        continue;
      }
      const loop = this.#globLoop(item, path);
      if (loop !== undefined) {
        steps.add(loop);
        continue;
      }
      const rounds = this.#loops(isTable(item) ? item["for"] : undefined, path);
      if (rounds === undefined) steps.refuse(this.#place(path), JSON.stringify(item));
      for (const lookup of rounds ?? []) this.#step(item, path, { lookup, steps });
    }
    const made = this.#source["ignore_error"] === true ? withoutFailures(steps.finish()) : steps.finish();
    return { ...made, ...(after.length === 0 ? {} : { finally: after }) };
  }

  #globLoop(item: unknown, path: Path): Step | undefined {
    const context = { ...this.#fileContext(), folder: "" };
    const cmd = globLoop(item, {
      lookup: this.#lookup,
      globs: (key) => globsOf({ [key]: this.#source[key] }, key, context),
      shell: (source, lookup) => this.#texts.shell(source, path, lookup),
    });
    if (cmd === undefined || !isTable(item)) return undefined;
    const options = this.#stepOptions(item, path, this.#lookup);
    return Object.keys(options).length === 0 ? cmd : { cmd, ...options };
  }

  #step(
    item: unknown,
    path: Path,
    { lookup, steps }: { readonly lookup: Lookup; readonly steps: StepList },
  ): void {
    const options = isTable(item) ? this.#stepOptions(item, path, lookup) : {};
    if (isTable(item) && item["task"] !== undefined) {
      const call = this.#call(item, path, lookup);
      if (call === undefined) steps.refuse(this.#place(path), JSON.stringify(item));
      else steps.add({ ...call, ...options });
      return;
    }
    const source = isTable(item)
      ? textAt(item, "cmd")
      : item === null || item === undefined
        ? undefined
        : String(item);
    if (source === undefined || source.trim() === "") return;
    const text = this.#texts.shell(source, path, lookup);
    if (text === undefined) return steps.refuse(this.#place(path), source);
    if (isTable(item) && (item["set"] !== undefined || item["shopt"] !== undefined))
      this.#approximated(path, "options of the shell of one command are not set");
    steps.add(Object.keys(options).length === 0 ? text : { cmd: text, ...options });
  }

  #stepOptions(
    item: Table,
    path: Path,
    lookup: Lookup,
  ): { allow_failure?: true; platforms?: readonly string[]; if?: string } {
    const condition =
      typeof item["if"] === "string" ? this.#texts.condition(item["if"], path, lookup) : undefined;
    const platforms = platformsOf(item);
    return {
      ...(item["ignore_error"] === true ? { allow_failure: true } : {}),
      ...(platforms === undefined ? {} : { platforms }),
      ...(condition === undefined ? {} : { if: condition }),
    };
  }

  #conditions(): TaskTable {
    const condition =
      typeof this.#source["if"] === "string" ? this.#texts.condition(this.#source["if"], ["if"]) : undefined;
    const preconditions = listAt(this.#source, "preconditions").flatMap((given, index) => {
      const source = typeof given === "string" ? given : textAt(given, "sh");
      const held = source === undefined ? undefined : this.#texts.condition(source, ["preconditions", index]);
      const message = textAt(given, "msg");
      if (held === undefined) return [];
      return [message === undefined ? held : { if: held, message: this.#texts.plain(message) ?? message }];
    });
    return {
      ...(condition === undefined ? {} : { condition }),
      ...(preconditions.length === 0 ? {} : { preconditions }),
    };
  }

  #folder(): TaskTable {
    const source = textAt(this.#source, "dir");
    const { folder } = this.#options.file;
    if (source === undefined) return folder === "" ? {} : { cwd: folder };
    const own = this.#texts.plain(source);
    if (own === undefined) {
      this.#leftOut(["dir"], source, "its folder is only known when it runs");
      return {};
    }
    const path = own.startsWith("/")
      ? own
      : [folder, own.replace(/^(?:\.\/)+/, "")].filter((part) => part !== "" && part !== ".").join("/");
    return path === "" ? {} : { cwd: path };
  }

  #env(): TaskTable {
    const env = envOf(tableAt(this.#source, "env"), {
      fill: (source) => this.#options.envFiller.fill(source, this.#lookup),
      options: this.#options,
      failed: (name, why) => this.#leftOut(["env", name], `env: ${name}`, why),
    });
    const files = textOrTextsAt(this.#source, "dotenv").flatMap((path) => this.#texts.plain(path) ?? []);
    return {
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(files.length === 0 ? {} : { env_file: files.toReversed().map((path) => `${path}?`) }),
    };
  }

  #fileContext(): FileContext {
    const { folder, source } = this.#options.file;
    return {
      folder,
      method: textAt(this.#source, "method") ?? textAt(source.value, "method"),
      plain: (text) => this.#texts.plain(text),
      shell: (text, path) => this.#texts.shell(text, path),
      approximated: (path, why) => this.#approximated(path, why),
    };
  }

  #settings(): TaskTable {
    const task = this.#source;
    const platforms = platformsOf(task);
    const timeout = textAt(task, "timeout");
    const prompt = [valueAt(task, "prompt") ?? []]
      .flat()
      .filter((item) => typeof item === "string")
      .map((text) => this.#texts.plain(text) ?? text);
    if (task["set"] !== undefined || task["shopt"] !== undefined)
      this.#approximated(["set"], "options of the shell of one task are not set");
    return {
      ...(platforms === undefined ? {} : { platforms }),
      ...(task["ignore_error"] === true ? { allow_failure: true } : {}),
      ...(task["interactive"] === true ? { interactive: true } : {}),
      ...(prompt.length === 0 ? {} : { confirm: prompt.join(" ") }),
      ...(timeout === undefined ? {} : { timeout }),
    };
  }

  /** What runs at the end is a task of its own. */
  #defer(given: unknown, path: Path): string | undefined {
    this.#approximated(
      path,
      "it runs at the end wherever the task ends, also where it fails before this line",
    );
    if (isTable(given) && given["task"] !== undefined && Object.keys(tableAt(given, "vars")).length === 0)
      return this.#call(given, path, this.#lookup)?.task;
    const source = typeof given === "string" ? given : textAt(given, "cmd");
    const text = source === undefined ? undefined : this.#texts.shell(source, path);
    if (text === undefined) {
      if (source === undefined) this.#leftOut(path, "defer", "a task with values can't be run at the end");
      return undefined;
    }
    const own = (this.#options.names.get(this.#full) ?? this.#full).replaceAll("*", "any");
    const name = `${own}-at-end-${this.#helpers.length + 1}`;
    this.#helpers.push({
      task: { name, table: { hidden: true, ...this.#folder(), ...this.#env(), cmd: text } },
      target: name,
      line: this.#line(...path),
      isWhole: true,
    });
    return name;
  }

  /** The names that each round of a loop has; one round where there is no loop, undefined where nobody knows them. */
  #loops(given: unknown, path: Path): readonly Lookup[] | undefined {
    if (given === undefined) return [this.#lookup];
    const globs = (key: string): readonly string[] => globsOf(this.#source, key, this.#fileContext());
    const rounds = loopRounds(given, { lookup: this.#lookup, globs });
    if (rounds === undefined) {
      this.#leftOut(
        path,
        `for: ${typeof given === "string" ? given : Object.keys(isTable(given) ? given : {}).join(", ")}`,
        "what it goes through is only known when it runs",
      );
      return undefined;
    }
    return rounds.map(
      (round): Lookup =>
        (name) =>
          Object.hasOwn(round, name) ? round[name] : this.#lookup(name),
    );
  }
}

/** Steps of which each goes on with the next one where it fails, except for those that stand for what is missing. */
const withoutFailures = ({ cmds, ...table }: TaskTable): TaskTable =>
  cmds === undefined
    ? table
    : {
        ...table,
        cmds: cmds.map((step): Step => {
          if (typeof step !== "string") return { ...step, allow_failure: true };
          return isRefusal(step) ? step : { cmd: step, allow_failure: true };
        }),
      };
