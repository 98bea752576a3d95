import type { Diagnostic, Place } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import { isTomlTable } from "#core/config/toml/values";
import { parseTemplate } from "#core/expr/interpolate";
import type { TemplateReference } from "#core/expr/interpolate";
import type { TemplateNamespace } from "#core/expr/names";
import { GIT_FIELDS } from "#core/model/plan";
import type { LateValue, Shell } from "#core/model/plan";
import { expansionSlots, withValue } from "./expansion-slots";
import type { ExpansionSlot } from "./expansion-slots";
import type { OutputReference } from "./output-reference";
import { parameterText, parameterVariable } from "./parameters";
import type { ParameterValues } from "./parameters";
import { shellShape } from "./shell-text";
import { variableReference } from "./shells";

/** What `${namespace.key}` may stand for in the strings of one instance. */
export interface InterpolationScope {
  readonly matrix: Readonly<Record<string, string>>;
  readonly args: ParameterValues;
  /** Declared parameters without a value are empty, not unknown. */
  readonly declaredArgs: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly match: readonly string[];
  readonly task: { readonly name: string };
  readonly package: { readonly name: string; readonly path: string; readonly dir: string };
  readonly workspace: { readonly root: string };
  /** The system on which commands in values run: `linux`, `darwin`, `windows`. */
  readonly os: string;
  /** What `${output.KEY}` means to the instance. */
  readonly output: (key: string) => OutputReference;
}

/** Where a string stands, for problems. */
export interface StringPlace {
  readonly place: Place;
  /** In words: `cmd of task 'build'`. */
  readonly where: string;
}

/** The place of a string, worked out only where the string holds references. */
export type PlaceOf = () => StringPlace;

interface ProblemFacts extends Partial<Pick<Diagnostic, "data" | "suggestions">> {
  readonly at: StringPlace;
}

/** Texts of one instance being filled in. Problems gather in `problems`. Most texts hold no reference and cost nothing. */
export class Interpolation {
  readonly problems: Diagnostic[] = [];
  /** The values met that are known only when the instance starts, each with the variable that carries it. */
  readonly late: LateValue[] = [];
  readonly #makeScope: () => InterpolationScope;
  #madeScope: InterpolationScope | undefined;

  constructor(makeScope: () => InterpolationScope) {
    this.#makeScope = makeScope;
  }

  get #scope(): InterpolationScope {
    this.#madeScope ??= this.#makeScope();
    return this.#madeScope;
  }

  /** A path: values are put in as they are. Those that only a started task has can't be part of one. */
  plain(text: string, at: PlaceOf): string {
    return this.#render(text, at, (reference, value) => {
      if (value === undefined) this.#problem("E178", reference, { at: at() });
      return value ?? "";
    });
  }

  /**
   * A text in which zr itself expands variables when the task is started (values of `env`): values are put in so that
   * expansion leaves them alone. Where another task has written the text (`writer`), whatever that
   * knows without running is meant.
   */
  expanded(text: string, at: PlaceOf, writer: Interpolation = this): string {
    if (!text.includes("${")) return text;
    return this.#expanded(writer.#pieces(text, at, { commands: true }), at);
  }

  /** A word of an argv, in which `$(…)` is text. */
  word(text: string, at: PlaceOf): string {
    if (!text.includes("${")) return text;
    return this.#expanded(this.#pieces(text, at, { commands: false }), at);
  }

  #expanded(pieces: readonly (string | TemplateReference)[], at: PlaceOf): string {
    return pieces
      .map((piece) => (typeof piece === "string" ? piece : this.#lateVariable(piece, at)))
      .join("");
  }

  #lateVariable(reference: TemplateReference, at: PlaceOf): string {
    const before = this.problems.length;
    this.#lookup(reference, at());
    return this.problems.length === before ? `\${${this.#variableOf(reference) ?? ""}}` : "";
  }

  /**
   * What this task, which writes such a text for another, knows of it: text, and between two of them each time a
   * reference that is left to the one that gets it. Equal answers mean equal values there.
   */
  known(text: string, at: PlaceOf): readonly string[] {
    return this.#pieces(text, at, { commands: true }).map((piece) =>
      typeof piece === "string" ? piece : `${piece.namespace}.${piece.key}`,
    );
  }

  /** Text for expansion, and between two of them each time a reference that only a started task can fill in. */
  #pieces(
    text: string,
    at: PlaceOf,
    options: { readonly commands: boolean },
  ): readonly (string | TemplateReference)[] {
    const { parts } = parseTemplate(text);
    const slots = expansionSlots(parts, options);
    const pieces: (string | TemplateReference)[] = [];
    let known = "";
    for (const [index, part] of parts.entries()) {
      if (part.kind === "text") known += part.value;
      else if (IS_LATE[part.namespace]) {
        pieces.push(known, part);
        known = "";
      } else known = this.#withValue(known, part, { slot: slots[index] ?? { kind: "text" }, at });
    }
    return [...pieces, known];
  }

  #withValue(
    text: string,
    reference: TemplateReference,
    { slot, at }: { readonly slot: ExpansionSlot; readonly at: PlaceOf },
  ): string {
    const value = this.#lookup(reference, at());
    if (value === undefined) return text;
    // What the author has written is part of a command as it is of `cmd`.
    if (slot.kind === "command" && isAuthors(reference)) return text + value;
    const filled = withValue(text, value, { slot, isPosix: this.#scope.os !== "windows" });
    if (filled === undefined)
      this.#problem("E189", reference, { at: at(), data: { in: SLOT_TEXTS[slot.kind] } });
    return filled ?? text;
  }

  /**
   * A text for a shell: what the configuration's author wrote (`vars`, `matrix`) is put in as text; everything that
   * comes from elsewhere becomes a reference to a variable, so that no value is ever read as shell text.
   */
  shell(text: string, shell: Shell, at: PlaceOf): string {
    if (!text.includes("${")) return text;
    const shape = shellShape(text);
    return this.#render(text, at, (reference, value) => {
      if (isAuthors(reference)) return value ?? "";
      const variable = this.#variableOf(reference);
      const quoting = shell.dialect === "custom" ? "plain" : shape.quotingAt(reference.span.start);
      const shellReference =
        variable === undefined ? undefined : variableReference(shell.dialect, variable, quoting);
      if (shellReference === undefined) this.#cannot(reference, at(), variable ?? "");
      return shellReference ?? "";
    });
  }

  /** A script; without a shell, in another language, where only the author's own values can be put in. */
  script(text: string, shell: Shell | undefined, at: PlaceOf): string {
    if (shell !== undefined) return this.shell(text, shell, at);
    return this.#render(text, at, (reference, value) => {
      if (isAuthors(reference)) return value ?? "";
      this.#cannot(reference, at(), this.#variableOf(reference) ?? "");
      return "";
    });
  }

  #render(
    text: string,
    at: PlaceOf,
    replace: (reference: TemplateReference, value: string | undefined) => string,
  ): string {
    if (!text.includes("${")) return text;
    let filled = "";
    for (const part of parseTemplate(text).parts) {
      if (part.kind === "text") {
        filled += part.value;
        continue;
      }
      const before = this.problems.length;
      const value = this.#lookup(part, at());
      if (this.problems.length === before) filled += replace(part, value);
    }
    return filled;
  }

  /** The value of a reference. Those of `env` are not known before the task's environment is made. */
  #lookup(reference: TemplateReference, at: StringPlace): string | undefined {
    const { namespace, key } = reference;
    const scope = this.#scope;
    switch (namespace) {
      case "matrix":
        return this.#entry(scope.matrix, reference, at);
      case "args": {
        const value = Object.hasOwn(scope.args, key)
          ? scope.args[key]
          : scope.declaredArgs.includes(key)
            ? ""
            : undefined;
        return value === undefined ? this.#unknown(reference, at, scope.declaredArgs) : parameterText(value);
      }
      case "vars":
        return this.#variable(reference, at);
      case "match": {
        const value = scope.match[Number(key)];
        return (
          value ??
          this.#unknown(
            reference,
            at,
            scope.match.map((_, index) => String(index)),
          )
        );
      }
      case "task":
        return this.#entry({ name: scope.task.name }, reference, at);
      case "package":
        return this.#entry(
          { name: scope.package.name, path: scope.package.path, dir: scope.package.dir },
          reference,
          at,
        );
      case "workspace":
        return this.#entry({ root: scope.workspace.root }, reference, at);
      case "env":
        return undefined;
      case "run":
        return key === "id" ? undefined : this.#unknown(reference, at, ["id"]);
      case "git":
        return GIT_FIELDS.some((field) => field === key)
          ? undefined
          : this.#unknown(reference, at, GIT_FIELDS);
      case "output": {
        const found = scope.output(key);
        if (found.kind === "problem") this.#problem(found.code, reference, { at, ...found });
        return undefined;
      }
    }
  }

  /** The variable that carries the value of a reference to the commands; undefined where none does. */
  #variableOf(reference: TemplateReference): string | undefined {
    const { namespace, key } = reference;
    const text = `\${${namespace}.${key}}`;
    const known = this.late.find((value) => value.text === text);
    if (known !== undefined) return known.variable;
    switch (namespace) {
      case "run":
        this.late.push({ kind: "run", variable: "ZR_RUN_ID", text });
        return "ZR_RUN_ID";
      case "git": {
        const field = GIT_FIELDS.find((name) => name === key);
        const variable = `ZR_GIT_${key.toUpperCase()}`;
        if (field !== undefined) this.late.push({ kind: "git", variable, text, field });
        return variable;
      }
      case "output": {
        const found = this.#scope.output(key);
        const variable = this.#freeVariable(
          `ZR_OUTPUT_${key.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "")}`.toUpperCase(),
        );
        if (found.kind === "found")
          this.late.push({ kind: "output", variable, text, of: found.of, path: found.path });
        return variable;
      }
      default:
        return ownVariable(reference);
    }
  }

  /** Keys that differ only in signs would share a variable. */
  #freeVariable(name: string): string {
    const isTaken = (variable: string): boolean => this.late.some((value) => value.variable === variable);
    let variable = name;
    for (let count = 2; isTaken(variable); count += 1) variable = `${name}_${count}`;
    return variable;
  }

  #entry(
    values: Readonly<Record<string, string>>,
    reference: TemplateReference,
    at: StringPlace,
  ): string | undefined {
    const value = Object.hasOwn(values, reference.key) ? values[reference.key] : undefined;
    return value ?? this.#unknown(reference, at, Object.keys(values));
  }

  /** `${vars.a.b}` goes into tables. Lists are joined by spaces. */
  #variable(reference: TemplateReference, at: StringPlace): string | undefined {
    let value: unknown = this.#scope.vars;
    for (const key of reference.key.split(".")) {
      value =
        typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? Reflect.get(value, key)
          : undefined;
    }
    if (value === undefined) return this.#unknown(reference, at, Object.keys(this.#scope.vars));
    return textOf(value);
  }

  #unknown(reference: TemplateReference, at: StringPlace, known: readonly string[]): undefined {
    const suggestions = suggest(reference.key, known).map((key) => `\${${reference.namespace}.${key}}`);
    this.#problem("E172", reference, { at, suggestions });
  }

  /** It would have to be pasted. Variables for values of a run are only there where the task's strings ask for them. */
  #cannot(reference: TemplateReference, at: StringPlace, variable: string): void {
    const { namespace } = reference;
    if (namespace === "git" || namespace === "output") this.#problem("E168", reference, { at });
    else this.#problem("E173", reference, { at, data: { variable } });
  }

  #problem(
    code: string,
    { namespace, key, span }: TemplateReference,
    { at, data, suggestions }: ProblemFacts,
  ): void {
    this.problems.push({
      code,
      severity: "error",
      place: { ...at.place, within: span },
      ...(suggestions === undefined ? {} : { suggestions }),
      data: { ...data, name: `\${${namespace}.${key}}`, where: at.where },
    });
  }
}

/** Whether values of a namespace are known only when a task starts. */
const IS_LATE: Readonly<Record<TemplateNamespace, boolean>> = {
  matrix: false,
  args: false,
  vars: false,
  match: false,
  task: false,
  package: false,
  workspace: false,
  env: true,
  output: true,
  git: true,
  run: true,
};

/** Whether the author of the configuration has written the value. */
const isAuthors = ({ namespace }: TemplateReference): boolean =>
  namespace === "vars" || namespace === "matrix";

const SLOT_TEXTS: Readonly<Record<ExpansionSlot["kind"], string>> = {
  text: "text",
  name: "the default of a variable",
  default: "the default of a variable",
  command: "a command",
};

/** A text that expansion gives back as it is. */
export const literalForExpansion = (text: string): string => text.replaceAll("$", "$$$$");

/** The exported variable that holds a value which every instance has. */
function ownVariable({ namespace, key }: TemplateReference): string | undefined {
  switch (namespace) {
    case "args":
      return parameterVariable(key);
    case "env":
      return key;
    case "match":
      return `ZR_MATCH_${key}`;
    case "task":
      return key === "name" ? "ZR_TASK" : undefined;
    case "package":
      return { name: "ZR_PACKAGE_NAME", path: "ZR_PACKAGE_PATH", dir: "ZR_PACKAGE_DIR" }[key];
    case "workspace":
      return key === "root" ? "ZR_ROOT" : undefined;
    default:
      return undefined;
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  return isTomlTable(value) ? JSON.stringify(value) : String(value);
}
