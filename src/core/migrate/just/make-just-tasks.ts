import { configText, joinedLines, positionalCommand, takesAll, withPositional } from "./recipe-text";
import type { TaskTable } from "#core/config/schema/sections";
import type { ReportItem } from "#core/migrate/conversion";
import { refusal, type MadeTask, type Step } from "#core/migrate/made-task";
import { reportOnce } from "#core/migrate/report-once";
import { StepList } from "#core/migrate/step-list";
import { constantOf, renderShell, unknownIn, type Pieces, type RenderOptions } from "#core/migrate/pieces";
import type { Evaluator, Scope } from "./evaluator";
import type { Dependency, Justfile, Recipe } from "./justfile";
import { lostAfterScript, lostBy, unkeptAttribute } from "./recipe-attributes";
import { recipeScript } from "./recipe-script";

export interface JustTasksOptions extends RenderOptions {
  readonly evaluator: Evaluator;
  readonly system: string;
  /** In front of names of tasks: `docs:`; empty for the main file. */
  readonly namespace: string;
  /** The folder that recipes run in, from the folder of the configuration; empty for itself. */
  readonly folder: string;
  /** Every recipe there is, by its path (`docs::build`), with the name of its task. */
  readonly names: ReadonlyMap<string, string>;
  readonly report: ReportItem[];
  readonly isMain: boolean;
}

/** Makes tasks of the recipes of one justfile, for one system. */
export function makeJustTasks(
  justfile: Justfile,
  recipes: readonly Recipe[],
  options: JustTasksOptions,
): readonly MadeTask[] {
  const maker = new JustTaskMaker(justfile, options);
  const main =
    recipes.find(({ attributes }) => attributes.some(({ name }) => name === "default")) ?? recipes[0];
  return recipes.map((recipe) => maker.task(recipe, recipe === main));
}

class JustTaskMaker {
  readonly #justfile: Justfile;
  readonly #options: JustTasksOptions;

  constructor(justfile: Justfile, options: JustTasksOptions) {
    this.#justfile = justfile;
    this.#options = options;
  }

  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  task(recipe: Recipe, isMain: boolean): MadeTask {
    const { namespace } = this.#options;
    const name = namespace + recipe.name;
    const has = (attribute: string): boolean => recipe.attributes.some((one) => one.name === attribute);
    const usesPositional = has("positional-arguments") || this.#isSet("positional-arguments");
    const isAll = usesPositional && takesAll(recipe);
    const scope = isAll ? everything(recipe) : this.#scope(recipe);
    const keyComments: Record<string, readonly string[]> = {};
    const isScript = has("script") || (recipe.body[0]?.text.startsWith("#!") ?? false);
    const elsewhere = lostBy(recipe) ?? (isScript ? lostAfterScript(recipe) : undefined);
    const body =
      elsewhere !== undefined
        ? this.#refused(recipe, ...elsewhere)
        : isScript
          ? this.#script(recipe, scope, usesPositional && !isAll)
          : this.#lines(recipe, scope, { keyComments, usesPositional: usesPositional && !isAll });
    const before = this.#dependencies(recipe, recipe.before, scope);
    const after = this.#dependencies(recipe, recipe.after, scope);
    const { described, comments } = this.#description(recipe);
    const aliases = this.#aliases(recipe, isMain && this.#options.isMain);
    for (const attribute of recipe.attributes) {
      const why = unkeptAttribute(attribute);
      if (why !== undefined) this.#report(recipe, { severity: "left-out", what: `[${attribute.name}]`, why });
    }
    const deps = before.entries;
    const isParallel = has("parallel") || deps.length === 1;
    const args = isAll ? [] : this.#args(recipe);
    const table: TaskTable = {
      ...(described === undefined ? {} : { description: described }),
      ...(aliases.length === 0 ? {} : { aliases }),
      ...this.#group(recipe),
      ...(has("private") && !recipe.name.startsWith("_") ? { hidden: true } : {}),
      ...this.#confirm(recipe),
      ...(args.length === 0 ? {} : { args }),
      ...(deps.length === 0 ? {} : isParallel ? { deps } : { deps_serial: deps }),
      ...this.#folder(recipe),
      ...this.#env(recipe, isAll ? [] : recipe.parameters),
      ...withAfter(body.table, after.entries),
    };
    const isBody =
      table.cmd !== undefined || table.cmds !== undefined || table.script !== undefined || deps.length > 0;
    return {
      task: {
        name,
        ...(namespace === "" ? {} : { source: name.replaceAll(":", "::") }),
        table: isBody ? table : { ...table, cmd: ":" },
        ...(comments.length === 0 ? {} : { comments }),
        ...(Object.keys(keyComments).length === 0 ? {} : { keyComments }),
      },
      target: name,
      line: recipe.line,
      isWhole: body.isWhole && before.isWhole && after.isWhole,
    };
  }

  #isSet(name: string): boolean {
    const value = this.#justfile.settings.get(name)?.value;
    return value !== undefined && value !== false;
  }

  #report(
    { file, line }: { readonly file: string; readonly line: number },
    { severity, what, why }: Pick<ReportItem, "severity" | "what" | "why">,
  ): void {
    reportOnce(this.#options.report, { file, line, severity, what, why });
  }

  /** Parameters are what the caller gives; a value that may be empty or have blanks is as many words as it has. */
  #scope({ parameters }: Recipe): Scope {
    const scope = new Map<string, Pieces>();
    for (const { name, fallback, variadic } of parameters) {
      const known =
        fallback === undefined ? undefined : constantOf(this.#options.evaluator.value(fallback, scope));
      const isWord =
        variadic === undefined && (fallback === undefined || (known !== undefined && /^\S+$/.test(known)));
      const isList = variadic === undefined ? {} : { isList: true };
      scope.set(name, [{ kind: "param", name, isSplit: !isWord, ...isList }]);
    }
    return scope;
  }

  #args(recipe: Recipe): NonNullable<TaskTable["args"]> {
    const scope = new Map<string, Pieces>();
    // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
    return recipe.parameters.map((parameter) => {
      const { name, fallback, variadic } = parameter;
      const about = recipe.attributes.find(
        (attribute) => attribute.name === "arg" && attribute.args[0]?.value === name,
      );
      const help = about?.args.find((arg) => arg.name === "help")?.value;
      const pattern = about?.args.find((arg) => arg.name === "pattern");
      if (pattern !== undefined)
        this.#report(recipe, {
          severity: "approximated",
          what: `${recipe.name}: ${name}`,
          why: "the pattern of its values is not checked",
        });
      const value = fallback === undefined ? undefined : this.#options.evaluator.value(fallback, scope);
      const known = value === undefined ? undefined : constantOf(value);
      const [only, ...others] = value ?? [];
      const source =
        only?.kind === "default" && others.length === 0 && only.isRequired !== true ? only : undefined;
      const sourceDefault = source === undefined ? undefined : constantOf(source.fallback);
      const isOpen = value !== undefined && known === undefined && sourceDefault === undefined;
      if (isOpen)
        this.#report(recipe, {
          severity: "approximated",
          what: `${recipe.name}: ${name}`,
          why: "it has to be given, as its default is only known when it runs",
        });
      const variable = source !== undefined && sourceDefault !== undefined ? source.name : undefined;
      const given = known ?? sourceDefault;
      return {
        name,
        ...(help === undefined ? {} : { description: help }),
        ...(given === undefined ? (variadic === "*" ? {} : { required: true }) : { default: given }),
        ...(variable === undefined || !/^[A-Za-z_]\w*$/.test(variable) ? {} : { env: variable }),
        ...(variadic === undefined ? {} : { variadic: true }),
      };
    });
  }

  #lines(
    recipe: Recipe,
    scope: Scope,
    {
      keyComments,
      usesPositional,
    }: { readonly keyComments: Record<string, readonly string[]>; readonly usesPositional: boolean },
  ): MadeBody {
    const steps = new StepList(keyComments);
    let isWhole = true;
    for (const { line, text } of joinedLines(recipe.body)) {
      const signs = /^[@-]*/.exec(text)?.[0] ?? "";
      const own = text.slice(signs.length);
      if (own.trim() === "") continue;
      if (own.startsWith("#")) {
        steps.comment(own.replace(/^#+\s?/, ""));
        continue;
      }
      let pieces = this.#options.evaluator.line(own, scope);
      if (usesPositional) pieces = withPositional(pieces, recipe.parameters);
      steps.begin();
      const failed = unknownIn(pieces);
      if (failed !== undefined) {
        isWhole = false;
        const at = { file: recipe.file, line };
        this.#report(at, { severity: "left-out", what: failed.what, why: failed.why });
        steps.refuse(at, text, failed.why);
        continue;
      }
      const command = renderShell(pieces, this.#options).trimEnd();
      if (command === "") continue;
      steps.add(signs.includes("-") ? { cmd: command, allow_failure: true } : command);
    }
    return { table: steps.finish(), isWhole };
  }

  #script(recipe: Recipe, scope: Scope, usesPositional: boolean): MadeBody {
    const script = recipeScript(recipe, {
      setting: this.#justfile.settings.get("script-interpreter")?.value,
      scope,
      usesPositional,
      evaluator: this.#options.evaluator,
      render: this.#options,
    });
    if (!script.ok) return this.#refused(recipe, script.error.what, script.error.why);
    const several = recipe.parameters.find(({ variadic }) => variadic !== undefined);
    if (several !== undefined && script.value.includes(positionalCommand(recipe.parameters)))
      this.#report(recipe, {
        severity: "approximated",
        what: `${recipe.name}: ${several.name}`,
        why: "a value with blanks in it is several arguments of the script",
      });
    return { table: { script: script.value }, isWhole: true };
  }

  #refused(recipe: Recipe, what: string, why: string): MadeBody {
    this.#report(recipe, { severity: "left-out", what, why });
    return { table: { cmd: refusal(recipe) }, isWhole: false };
  }

  #dependencies(
    recipe: Recipe,
    wanted: readonly Dependency[],
    scope: Scope,
  ): { readonly entries: readonly Entry[]; readonly isWhole: boolean } {
    const entries: Entry[] = [];
    let isWhole = true;
    const { names, namespace } = this.#options;
    for (const { name, args } of wanted) {
      const own = namespace.replaceAll(":", "::");
      const task = names.get(own + name) ?? names.get(name);
      const values = args.map((arg) => configText(this.#options.evaluator.value(arg, scope)));
      if (task === undefined || values.includes(undefined)) {
        isWhole = false;
        this.#report(recipe, {
          severity: "left-out",
          what: `${recipe.name}: ${name}`,
          why: task === undefined ? "there is no such recipe" : "its arguments are only known when it runs",
        });
      } else entries.push(args.length === 0 ? task : { task, args: values.map((value) => value ?? "") });
    }
    return { entries, isWhole };
  }

  #description({ attributes, comments }: Recipe): {
    readonly described: string | undefined;
    readonly comments: readonly string[];
  } {
    const doc = attributes.find(({ name }) => name === "doc");
    const above = comments.filter((line) => /[\p{L}\p{N}]/u.test(line));
    if (doc !== undefined) return { described: doc.args[0]?.value, comments: above };
    const last = above.at(-1);
    return { described: last?.trim(), comments: above.slice(0, -1) };
  }

  #aliases({ name }: Recipe, isMain: boolean): readonly string[] {
    const { namespace, names } = this.#options;
    const own = this.#justfile.aliases
      .filter(({ target }) => target === name)
      .map((alias) => namespace + alias.name);
    const isFree =
      name !== "default" &&
      !names.has("default") &&
      !this.#justfile.aliases.some((alias) => alias.name === "default");
    return isMain && isFree ? [...own, "default"] : own;
  }

  #group({ attributes }: Recipe): TaskTable {
    const group = attributes.find(({ name }) => name === "group")?.args[0]?.value;
    return group === undefined ? {} : { group };
  }

  #confirm({ attributes }: Recipe): TaskTable {
    const found = attributes.find(({ name }) => name === "confirm");
    return found === undefined ? {} : { confirm: found.args[0]?.value ?? true };
  }

  #folder({ attributes }: Recipe): TaskTable {
    const own = attributes.find(({ name }) => name === "working-directory")?.args[0]?.value;
    const setting = this.#justfile.settings.get("working-directory")?.value;
    const parts = [this.#options.folder, own ?? (typeof setting === "string" ? setting : "")].filter(
      (part) => part !== "" && part !== ".",
    );
    const last = parts.at(-1);
    const path = last?.startsWith("/") === true ? last : parts.join("/");
    return path === "" ? {} : { cwd: path.replace(/^\.\//, "") };
  }

  /** Parameters that are exported, whatever the environment says of them, and what `[env(…)]` says. */
  #env({ attributes }: Recipe, parameters: Recipe["parameters"]): TaskTable {
    const exported = parameters
      .filter(({ isExported }) => isExported || this.#isSet("export"))
      .map(({ name }) => [name, `\${args.${name}}`] as const);
    const own = attributes
      .filter(({ name }) => name === "env")
      .map(({ args }) => [args[0]?.value ?? "", (args[1]?.value ?? "").replaceAll("$", () => "$$")] as const);
    const valid = [...exported, ...own].filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
    return valid.length === 0 ? {} : { env: Object.fromEntries(valid) };
  }
}

interface MadeBody {
  readonly table: TaskTable;
  readonly isWhole: boolean;
}

/** The one parameter of a recipe that gets what stands behind `--`. */
const everything = ({ parameters }: Recipe): Scope =>
  new Map(parameters.map(({ name }) => [name, [{ kind: "arguments" }]]));

type Entry = NonNullable<TaskTable["deps"]>[number];

/** What just runs after the body are steps at its end; after a script, tasks that run when it has succeeded. */
function withAfter(table: TaskTable, after: readonly Entry[]): TaskTable {
  if (after.length === 0) return table;
  const calls = after.map((entry): Step =>
    typeof entry === "string"
      ? { task: entry }
      : { task: entry.task ?? "", ...(entry.args === undefined ? {} : { args: entry.args }) },
  );
  if (table.script !== undefined)
    return {
      ...table,
      on_success: after.map((entry) => (typeof entry === "string" ? entry : (entry.task ?? ""))),
    };
  const { cmd, cmds, ...rest } = table;
  const own: readonly Step[] = cmds ?? (typeof cmd === "string" ? [cmd] : []);
  return { ...rest, cmds: [...own, ...calls] };
}
