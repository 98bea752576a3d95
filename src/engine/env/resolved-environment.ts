import type { Diagnostic, Place } from "#base/diagnostic";
import type { EnvLayerName } from "#core/model/environment";

import type { EnvValueSource, EnvValues } from "./env-layer";
import {
  type Binding,
  bindingPlace,
  type CommandRequest,
  type EnvironmentEvaluator,
} from "./environment-evaluator";
import type { MissingVariable } from "./missing-variables";
import { compileSecretNames, secretValues } from "./secrets";

/** What one layer says about a variable. */
export interface LayerTrace {
  readonly layer: EnvLayerName;
  readonly file?: string;
  /** Line in the file, from 1; where only `place` is known the line is found by locating it. */
  readonly line?: number;
  readonly place?: Place;
  readonly raw: EnvValueSource;
  /** The expanded value; undefined: the layer takes the name away. */
  readonly value: string | undefined;
  readonly wins: boolean;
}

export interface VariableTrace {
  readonly name: string;
  /** What a task sees; undefined: it is not set. */
  readonly value: string | undefined;
  readonly secret: boolean;
  /** Lowest first. */
  readonly layers: readonly LayerTrace[];
}

export interface EnvironmentFacts {
  readonly values: Readonly<Record<string, string>>;
  readonly system: EnvValues;
  readonly evaluator: EnvironmentEvaluator;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly fold: (name: string) => string;
  readonly missing: readonly MissingVariable[];
  readonly problems: readonly Diagnostic[];
  /** By folded name, what the configuration says outright: `{ secret = … }` and the task's `secrets`. */
  readonly declaredSecrets: ReadonlyMap<string, boolean>;
  readonly secretPatterns?: readonly string[];
}

/** What whoever starts a task needs to know of its environment. */
export interface EnvironmentOutcome extends Pick<EnvironmentFacts, "values" | "missing" | "problems"> {
  readonly pending: readonly CommandRequest[];
}

/** The outcome of `resolveEnvironment`; everything beyond the values is computed when it is asked for. */
export class ResolvedEnvironment {
  /** What a child process gets. May be the system's own record: not to be written to. */
  readonly values: Readonly<Record<string, string>>;
  readonly missing: readonly MissingVariable[];
  readonly problems: readonly Diagnostic[];
  /** Commands whose output was not known; the values that need them are incomplete. */
  readonly pending: readonly CommandRequest[];
  readonly #makeFacts: () => EnvironmentFacts;
  #madeFacts: EnvironmentFacts | undefined;
  #secretNames: ReadonlySet<string> | undefined;

  /** @param makeFacts called at most once, when more than `outcome` is asked for. */
  constructor(outcome: EnvironmentOutcome, makeFacts: () => EnvironmentFacts) {
    this.values = outcome.values;
    this.missing = outcome.missing;
    this.problems = outcome.problems;
    this.pending = outcome.pending;
    this.#makeFacts = makeFacts;
  }

  /**
   * Names that the configuration says something about, folded where the system does not tell cases apart. Those that
   * only say where a tool lies are not among them.
   */
  get declaredNames(): readonly string[] {
    return [...this.#facts.bindings].flatMap(([name, stack]) =>
      stack.every(({ layer }) => layer.name === "tools") ? [] : [name],
    );
  }

  get #facts(): EnvironmentFacts {
    this.#madeFacts ??= this.#makeFacts();
    return this.#madeFacts;
  }

  /** Names of secret variables among the values and in the system's environment. */
  get secretNames(): ReadonlySet<string> {
    this.#secretNames ??= this.#findSecretNames();
    return this.#secretNames;
  }

  /** Texts to mask in output, also those of secrets that a task got only under another name. */
  secretValues(): string[] {
    const { values, system } = this.#facts;
    const texts = secretValues(values, this.secretNames);
    return values === system ? texts : [...new Set([...texts, ...secretValues(system, this.secretNames)])];
  }

  /** The same with further problems. */
  withProblems(problems: readonly Diagnostic[]): ResolvedEnvironment {
    const { values, missing, pending } = this;
    const all = [...this.problems, ...problems];
    return new ResolvedEnvironment({ values, missing, pending, problems: all }, () => this.#facts);
  }

  /** Every layer's word on one variable, lowest layer first. */
  trace(name: string): VariableTrace {
    const { system, bindings, fold, evaluator } = this.#facts;
    const key = fold(name);
    const own = bindings.get(key) ?? [];
    const spelled = Object.keys(this.values).find((known) => fold(known) === key) ?? name;
    const value = Object.hasOwn(this.values, spelled) ? this.values[spelled] : undefined;
    const layers: LayerTrace[] = [];
    const systemName = Object.keys(system).find((known) => fold(known) === key);
    const systemValue = systemName === undefined ? undefined : system[systemName];
    if (systemValue !== undefined) {
      const wins = own.length === 0 && value !== undefined;
      layers.push({ layer: "system", raw: systemValue, value: systemValue, wins });
    }
    own.forEach((binding, level) => {
      layers.push(layerTrace(binding, evaluator.valueAt(name, level), level === own.length - 1));
    });
    return { name: spelled, value, secret: this.secretNames.has(spelled), layers };
  }

  #findSecretNames(): ReadonlySet<string> {
    const { values, system, declaredSecrets, fold, secretPatterns } = this.#facts;
    const matches = compileSecretNames(secretPatterns);
    const names = new Set<string>();
    const consider = (name: string): void => {
      const declared = declaredSecrets.size === 0 ? undefined : declaredSecrets.get(fold(name));
      if (declared ?? matches(name)) names.add(name);
    };
    for (const name in values) consider(name);
    if (values !== system) for (const name in system) consider(name);
    return names;
  }
}

function layerTrace(binding: Binding, value: string | undefined, wins: boolean): LayerTrace {
  const { layer, entry } = binding;
  const place = bindingPlace(binding);
  return {
    layer: layer.name,
    ...(layer.file === undefined ? {} : { file: layer.file }),
    ...(entry.line === undefined ? {} : { line: entry.line }),
    ...(place === undefined ? {} : { place }),
    raw: entry.value ?? "",
    value,
    wins,
  };
}
