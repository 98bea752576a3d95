import type { Diagnostic, Place } from "#base/diagnostic";
import { parseTemplate, renderTemplate } from "#core/expr/interpolate";
import type { TemplateLookup } from "#core/expr/interpolate";
import type { TemplateNamespace } from "#core/expr/names";
import { problemDiagnostic } from "#core/expr/problem";
import { literalForExpansion } from "./interpolation";
import { parameterText } from "./parameters";
import type { ParameterValues } from "./parameters";
import type { Item } from "./wish";

/** What `${namespace.key}` may stand for in the strings of a workflow. */
export interface WorkflowScope {
  readonly inputs: ParameterValues;
  /** Declared inputs without a value are empty, not unknown. */
  readonly declared: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly root: string;
  /** The value of `for_each`. */
  readonly item?: Item;
}

/** Texts of a workflow being filled in: `args` are its inputs, `matrix` the value that a stage is run for. */
export class WorkflowText {
  readonly #scope: WorkflowScope;
  readonly #diagnostics: Diagnostic[];

  constructor(scope: WorkflowScope, diagnostics: Diagnostic[]) {
    this.#scope = scope;
    this.#diagnostics = diagnostics;
  }

  /** A text in which values are put as they are. */
  plain(text: string, place: Place): string {
    return this.#render(text, place, (value) => value);
  }

  /** A text in which variables are expanded later: values are put in so that this leaves them alone. */
  expanded(text: string, place: Place): string {
    return this.#render(text, place, literalForExpansion);
  }

  #render(text: string, place: Place, put: (value: string) => string): string {
    if (!text.includes("${")) return text;
    const lookup: TemplateLookup = {
      value: (namespace, key) => {
        const value = this.#value(namespace, key);
        return value === undefined ? undefined : put(value);
      },
      keys: (namespace) => this.#keys(namespace),
    };
    const rendered = renderTemplate(parseTemplate(text), lookup);
    if (rendered.ok) return rendered.value;
    this.#diagnostics.push(...rendered.error.map((problem) => problemDiagnostic(problem, place)));
    return "";
  }

  #value(namespace: TemplateNamespace, key: string): string | undefined {
    const { inputs, declared, item, root } = this.#scope;
    switch (namespace) {
      case "args":
        if (!declared.includes(key)) return undefined;
        return Object.hasOwn(inputs, key) ? parameterText(inputs[key] ?? "") : "";
      case "matrix":
        return item?.key === key ? item.value : undefined;
      case "vars":
        return scalarText(this.#variable(key));
      case "workspace":
        return key === "root" ? root : undefined;
      default:
        return undefined;
    }
  }

  /** A dotted key looks into tables. */
  #variable(key: string): unknown {
    let value: unknown = this.#scope.vars;
    for (const part of key.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
      value = Reflect.get(value, part);
    }
    return value;
  }

  #keys(namespace: TemplateNamespace): readonly string[] {
    const { declared, item, vars } = this.#scope;
    switch (namespace) {
      case "args":
        return declared;
      case "matrix":
        return item === undefined ? [] : [item.key];
      case "vars":
        return Object.keys(vars);
      case "workspace":
        return ["root"];
      default:
        return [];
    }
  }
}

const scalarText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
