import { configText, joinedLines, withPositional } from "./recipe-text";
import type { TaskTable } from "#core/config/schema/sections";
import type { ReportItem } from "#core/migrate/conversion";
import { refusal, type MadeTask, type Step } from "#core/migrate/made-task";
import {
  constantOf,
  renderShell,
  unknownIn,
  type Piece,
  type Pieces,
  type RenderOptions,
} from "#core/migrate/pieces";
import { literalText } from "#core/migrate/zr-text";
import type { Evaluator, Scope } from "./evaluator";
import type { Attribute, Dependency, Justfile, Recipe } from "./justfile";

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

const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  linux: ["linux"],
  macos: ["darwin"],
  windows: ["windows"],
  unix: ["linux", "darwin"],
};
const OTHER_SYSTEMS = new Set(["openbsd", "freebsd", "netbsd", "dragonfly", "android"]);

/** Attributes that change nothing that a task would show. */
const WITHOUT_EFFECT = new Set([
  "no-exit-message",
  "exit-message",
  "no-quiet",
  "private",
  "doc",
  "group",
  "confirm",
  "script",
  "extension",
  "default",
  "working-directory",
  "parallel",
  "positional-arguments",
  "env",
  "arg",
  "metadata",
  "linux",
  "macos",
  "windows",
  "unix",
]);

/** Whether a recipe is there on a system at all. */
export function isEnabled({ attributes }: Recipe, system: string): boolean {
  const named = attributes.filter(({ name }) => SYSTEMS[name] !== undefined || OTHER_SYSTEMS.has(name));
  return named.length === 0 || named.some(({ name }) => SYSTEMS[name]?.includes(system) === true);
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
    const scope = this.#scope(recipe);
    const keyComments: Record<string, readonly string[]> = {};
    const isScript = has("script") || (recipe.body[0]?.text.startsWith("#!") ?? false);
    const usesPositional = has("positional-arguments") || this.#isSet("positional-arguments");
    const elsewhere = this.#elsewhere(recipe);
    const body =
      elsewhere !== undefined
        ? this.#refused(recipe, ...elsewhere)
        : isScript
          ? this.#script(recipe, scope)
          : this.#lines(recipe, scope, { keyComments, usesPositional });
    const before = this.#dependencies(recipe, recipe.before, scope);
    const after = this.#dependencies(recipe, recipe.after, scope);
    const { described, comments } = this.#description(recipe);
    const aliases = this.#aliases(recipe, isMain && this.#options.isMain);
    for (const attribute of recipe.attributes) this.#reportAttribute(recipe, attribute);
    const deps = before.entries;
    const isParallel = has("parallel") || deps.length === 1;
    const args = usesPositional && body.takesAll ? [] : this.#args(recipe);
    const table: TaskTable = {
      ...(described === undefined ? {} : { description: described }),
      ...(aliases.length === 0 ? {} : { aliases }),
      ...this.#group(recipe),
      ...(has("private") && !recipe.name.startsWith("_") ? { hidden: true } : {}),
      ...this.#confirm(recipe),
      ...(args.length === 0 ? {} : { args }),
      ...(deps.length === 0 ? {} : isParallel ? { deps } : { deps_serial: deps }),
      ...this.#folder(recipe),
      ...this.#env(recipe),
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
    const { report } = this.#options;
    if (
      !report.some(
        (item) => item.file === file && item.line === line && item.what === what && item.why === why,
      )
    )
      report.push({ file, line, severity, what, why });
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
      const { name, fallback, variadic, isExported } = parameter;
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
      const variable =
        source !== undefined && sourceDefault !== undefined ? source.name : isExported ? name : undefined;
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
    const steps: Step[] = [];
    const above: string[] = [];
    let isWhole = true;
    let takesAll = false;
    for (const { line, text } of joinedLines(recipe.body)) {
      const signs = /^[@-]*/.exec(text)?.[0] ?? "";
      const own = text.slice(signs.length);
      if (own.trim() === "") continue;
      if (own.startsWith("#")) {
        above.push(own.replace(/^#+\s?/, ""));
        continue;
      }
      let pieces = this.#options.evaluator.line(own, scope);
      if (usesPositional) {
        const positional = withPositional(pieces, recipe.parameters);
        takesAll ||= positional.takesAll;
        pieces = positional.pieces;
      }
      if (above.length > 0) keyComments[`cmds.${steps.length}`] = above.splice(0);
      const failed = unknownIn(pieces);
      if (failed !== undefined) {
        isWhole = false;
        const at = { file: recipe.file, line };
        this.#report(at, { severity: "left-out", what: failed.what, why: failed.why });
        keyComments[`cmds.${steps.length}`] = [
          ...(keyComments[`cmds.${steps.length}`] ?? []),
          `zr: not converted (${at.file}:${line}): ${failed.why}`,
          text,
        ];
        steps.push(refusal(at));
        continue;
      }
      const command = renderShell(pieces, this.#options).trimEnd();
      if (command === "") continue;
      steps.push(signs.includes("-") ? { cmd: command, allow_failure: true } : command);
    }
    if (above.length > 0) keyComments[steps.length === 0 ? "description" : "cmds"] = above;
    const [only] = steps;
    if (steps.length !== 1 || typeof only !== "string")
      return { table: steps.length === 0 ? {} : { cmds: steps }, isWhole, takesAll };
    if (keyComments["cmds.0"] !== undefined) keyComments["cmd"] = keyComments["cmds.0"];
    delete keyComments["cmds.0"];
    return { table: { cmd: only }, isWhole, takesAll };
  }

  #script(recipe: Recipe, scope: Scope): MadeBody {
    const attribute = recipe.attributes.find(({ name }) => name === "script");
    const words = attribute?.args.map(({ value }) => value) ?? [];
    const setting = this.#justfile.settings.get("script-interpreter")?.value;
    const interpreter = words.length > 0 ? words : typeof setting === "object" ? setting : ["sh", "-eu"];
    const lines = recipe.body.map(({ text }) => text);
    const first =
      attribute === undefined
        ? (lines.shift() ?? "")
        : `#!/usr/bin/env ${interpreter.length > 1 ? "-S " : ""}${interpreter.join(" ")}`;
    const shebang = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(first);
    const program =
      (shebang?.[1]?.endsWith("/env") === true ? shebang[2] : shebang?.[1])?.replace(/^.*\//, "") ?? "";
    const pieces = this.#options.evaluator.text(lines.join("\n"), scope);
    const failed = unknownIn(pieces);
    if (failed !== undefined) return this.#refused(recipe, failed.what, failed.why);
    const isShell = /^(?:sh|bash|zsh|dash|ksh|ash)$/.test(program);
    const isKnown = pieces.every(({ kind }) => kind === "text" || kind === "name");
    if (isShell || isKnown) {
      const head = first.replace(
        /^#!\s*\/usr\/bin\/env -S (\S+)(?: (.*))?$/,
        (whole, name: string, flags: string | undefined) =>
          isShell && flags !== undefined ? `#!/bin/${name} ${flags}` : whole,
      );
      return {
        table: { script: `${literalText(head)}\n${renderShell(pieces, this.#options)}\n` },
        isWhole: true,
        takesAll: false,
      };
    }
    const reads = { python3: "-", python: "-", node: "-", ruby: "-", perl: "-", php: "", lua: "-" }[program];
    if (reads === undefined)
      return this.#refused(recipe, first, "values can't be put into a script of this language");
    const text = pieces.map((piece): Piece =>
      piece.kind === "text" || piece.kind === "name"
        ? { kind: "text", text: piece.text.replaceAll(/[\\$`]/g, "\\$&") }
        : piece.kind === "param"
          ? { ...piece, isSplit: true }
          : piece,
    );
    const inner = text
      .map((piece) => (piece.kind === "text" ? literalText(piece.text) : renderShell([piece], this.#options)))
      .join("");
    return {
      table: { script: `#!/bin/sh\n${program} ${reads} <<ZR_SCRIPT\n${inner}\nZR_SCRIPT\n` },
      isWhole: true,
      takesAll: false,
    };
  }

  #refused(recipe: Recipe, what: string, why: string): MadeBody {
    this.#report(recipe, { severity: "left-out", what, why });
    return { table: { cmd: refusal(recipe) }, isWhole: false, takesAll: false };
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

  #env({ attributes }: Recipe): TaskTable {
    const own = attributes
      .filter(({ name }) => name === "env")
      .map(({ args }) => [args[0]?.value ?? "", (args[1]?.value ?? "").replaceAll("$", () => "$$")] as const);
    const valid = own.filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
    return valid.length === 0 ? {} : { env: Object.fromEntries(valid) };
  }

  #reportAttribute(recipe: Recipe, { name }: Attribute): void {
    if (WITHOUT_EFFECT.has(name)) return;
    if (name === "no-cd") return;
    this.#report(recipe, {
      severity: "left-out",
      what: `[${name}]`,
      why: OTHER_SYSTEMS.has(name) ? "tasks can't be limited to this system" : "it has no equal",
    });
  }

  /** An attribute by which a recipe runs where or when a task would not, and what is different. */
  #elsewhere({ attributes }: Recipe): readonly [string, string] | undefined {
    const names = attributes.map(({ name }) => name);
    if (names.includes("no-cd"))
      return ["[no-cd]", "a task runs in the folder of its file, not where it is called from"];
    const other = names.find((name) => OTHER_SYSTEMS.has(name));
    const isAlsoHere = names.some((name) => /^(?:linux|macos|windows|unix)$/.test(name));
    return other === undefined || isAlsoHere
      ? undefined
      : [`[${other}]`, "tasks can't be limited to this system"];
  }
}

interface MadeBody {
  readonly table: TaskTable;
  readonly isWhole: boolean;
  /** The body takes all arguments as `"$@"`. */
  readonly takesAll: boolean;
}

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
