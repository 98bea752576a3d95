import type { Diagnostic, DiagnosticData, Place } from "#base/diagnostic";

import { type EnvEntry, type EnvLayer, layerExpands, layerRunsCommands } from "./env-layer";
import { parseExpansion, renderExpansion, trimLineEnds } from "./expand";

/** One value given to a name. */
export interface Binding {
  readonly layer: EnvLayer;
  readonly entry: EnvEntry;
}

/** A command whose output a value needs. */
export interface CommandRequest {
  readonly command: string;
  /** The variable it is for. */
  readonly name: string;
  /** File of the layer it stands in. */
  readonly file?: string;
  readonly place?: Place;
}

export interface EvaluatorInput {
  /** Bindings per folded name, lowest first. */
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  /** Names that mean the same variable have the same folded name. */
  readonly fold: (name: string) => string;
  /** Value of a system variable. */
  readonly systemValue: (name: string) => string | undefined;
  /** Output of a command if it is known; else it is noted as pending and taken as empty. */
  readonly commandOutput: (request: CommandRequest) => string | undefined;
}

/** References that refer to references; more is hardly meant. */
const maxDepth = 100;
/** UTF-16 code units of one value. Systems refuse less; the limit is here against values that double themselves. */
const maxLength = 1 << 20;

/**
 * Computes values on demand. A reference means the variable's final value, whichever layer gave it, so that a higher
 * layer's `PORT` also changes a lower layer's `URL = "…:$PORT"`. Only a variable's reference to itself means its value
 * in the layers below (`PATH = "/x:$PATH"`). What remains of circles is an error that names the way round.
 */
export class EnvironmentEvaluator {
  readonly problems: Diagnostic[] = [];
  readonly pending: CommandRequest[] = [];
  readonly #input: EvaluatorInput;
  readonly #values = new Map<Binding, string | undefined>();
  /** The references that led to the value now computed, outermost first. */
  readonly #path: { readonly key: string; readonly name: string; readonly level: number }[] = [];

  constructor(input: EvaluatorInput) {
    this.#input = input;
  }

  /** The final value of a name; undefined when it is unset. */
  value(name: string): string | undefined {
    const bindings = this.#input.bindings.get(this.#input.fold(name));
    return this.valueAt(name, (bindings?.length ?? 0) - 1);
  }

  /** The value that binding `level` (from 0, lowest) gives to a name; below 0 the system's. */
  valueAt(name: string, level: number): string | undefined {
    const key = this.#input.fold(name);
    const binding = this.#input.bindings.get(key)?.[level];
    if (binding === undefined) return this.#input.systemValue(name);
    if (this.#values.has(binding)) return this.#values.get(binding);
    const value = this.#compute(binding, key, level);
    this.#values.set(binding, value);
    return value;
  }

  #compute(binding: Binding, key: string, level: number): string | undefined {
    const { name, value: source = "" } = binding.entry;
    if (typeof source === "string") return this.#text(binding, source, { key, level });
    if ("unset" in source) return undefined;
    if ("command" in source) return this.#command(binding, source.command);
    if (source.content !== undefined) return oneLineEndLess(source.content);
    this.#problem("E340", binding, { name, file: source.file });
    return "";
  }

  #text(binding: Binding, text: string, at: { readonly key: string; readonly level: number }): string {
    const { entry, layer } = binding;
    if (!text.includes("$") || !(entry.expand ?? layerExpands(layer.name))) return text;
    if (!this.#enter(binding, at.key, at.level)) return "";
    const { parts, problems } = parseExpansion(text, { commands: layerRunsCommands(layer.name) });
    for (const { reason } of problems) this.#problem("E336", binding, { name: entry.name, reason });
    // Counted while rendering: a text of many references could be too long to build.
    let length = text.length;
    const counted = (value: string | undefined): string | undefined => {
      length += value?.length ?? 0;
      return length > maxLength ? undefined : value;
    };
    const value = renderExpansion(
      parts,
      (name) =>
        counted(this.#input.fold(name) === at.key ? this.valueAt(name, at.level - 1) : this.value(name)),
      (command) => counted(this.#command(binding, command)) ?? "",
    );
    this.#path.pop();
    if (length <= maxLength) return value;
    this.#problem("E341", binding, { name: entry.name, limit: maxLength });
    return "";
  }

  /** False, with the problem noted, when going on would never end. */
  #enter(binding: Binding, key: string, level: number): boolean {
    const { name } = binding.entry;
    const start = this.#path.findIndex((step) => step.key === key && step.level === level);
    if (start !== -1) {
      const circle = [...this.#path.slice(start).map((step) => step.name), name];
      this.#problem("E335", binding, { name, path: circle.join(" → ") });
      return false;
    }
    if (this.#path.length >= maxDepth) {
      this.#problem("E342", binding, { name, limit: maxDepth });
      return false;
    }
    this.#path.push({ key, name, level });
    return true;
  }

  #command(binding: Binding, command: string): string {
    const place = bindingPlace(binding);
    const request: CommandRequest = {
      command,
      name: binding.entry.name,
      ...(binding.layer.file === undefined ? {} : { file: binding.layer.file }),
      ...(place === undefined ? {} : { place }),
    };
    const output = this.#input.commandOutput(request);
    if (output !== undefined) return trimLineEnds(output);
    this.pending.push(request);
    return "";
  }

  #problem(code: string, binding: Binding, data: DiagnosticData): void {
    const place = bindingPlace(binding);
    const severity = code === "E336" ? "warning" : "error";
    this.problems.push({ code, severity, data, ...(place === undefined ? {} : { place }) });
  }
}

/** Where a binding is written, if that is known. */
export function bindingPlace({ layer, entry }: Binding): Place | undefined {
  if (layer.file === undefined) return undefined;
  return {
    file: layer.file,
    ...(entry.path === undefined ? {} : { path: entry.path }),
    ...(entry.span === undefined ? {} : { span: entry.span }),
  };
}

function oneLineEndLess(content: string): string {
  if (content.endsWith("\r\n")) return content.slice(0, -2);
  return content.endsWith("\n") ? content.slice(0, -1) : content;
}
