import type { Diagnostic } from "#base/diagnostic";
import type { Result } from "#base/result";
import { noteVariable } from "#system/fleeting-variables";

import { collectDeclarations, type Declarations } from "./declarations";
import type { EnvEntry, EnvLayer, EnvValues } from "./env-layer";
import {
  type Binding,
  bindingPlace,
  type CommandRequest,
  EnvironmentEvaluator,
} from "./environment-evaluator";
import { findMissing } from "./missing-variables";
import { type EnvironmentFacts, ResolvedEnvironment } from "./resolved-environment";
import { emptyEnvironment, needsStripping, strictEnvironment, strippedVariables } from "./system-environment";

export interface EnvironmentOptions {
  /** `strict`: of the system's variables only declared ones, `passEnv` and a short built-in list. Default inherit. */
  readonly envMode?: "inherit" | "strict";
  /** Globs over names, for strict mode. */
  readonly passEnv?: readonly string[];
  /** Names a task can't do without (`required_env`). */
  readonly requiredEnv?: readonly string[];
  /** Names a task declares as secret (`secrets`); it can't do without them either. */
  readonly secrets?: readonly string[];
  /** Globs over names that are secret, in place of the default ones. */
  readonly secretPatterns?: readonly string[];
  /** Names differ in case only as spellings of one variable. */
  readonly windows?: boolean;
  /** Output of a command that has been run already. */
  readonly commandOutput?: (request: CommandRequest) => string | undefined;
}

/** Runs a command; the error is text for people. The caller sees to it that a command runs once. */
export type RunCommand = (request: CommandRequest) => Promise<Result<string, string>>;

/**
 * Merges layers, lowest first, and expands the values. Costs next to nothing when there is only the system layer.
 * Commands are not run: those needed are in `pending` until `commandOutput` knows them.
 */
export function resolveEnvironment(
  layers: readonly EnvLayer[],
  options: EnvironmentOptions = {},
): ResolvedEnvironment {
  const facts = resolveFacts(layers, options);
  // Copies: a trace goes on evaluating, also what lost.
  const problems = [...facts.problems];
  return new ResolvedEnvironment({ ...facts, problems, pending: [...facts.evaluator.pending] }, () => facts);
}

/**
 * The environment of a task that gets the system's variables as they are, none added and none stripped
 * (`needsStripping`). Everything beyond the values is worked out when it is asked for.
 */
export function inheritEnvironment(
  system: Readonly<Record<string, string>>,
  options: EnvironmentOptions,
): ResolvedEnvironment {
  return new ResolvedEnvironment({ values: system, missing: [], problems: [], pending: [] }, () =>
    resolveFacts([{ name: "system", values: system }], options),
  );
}

function resolveFacts(layers: readonly EnvLayer[], options: EnvironmentOptions): EnvironmentFacts {
  const windows = options.windows === true;
  const fold = windows ? upperCase : same;
  const system = systemValues(layers);
  const declarations = collectDeclarations(layers, fold);
  const { bindings } = declarations;
  const systemNames = windows ? new Map(Object.keys(system).map((name) => [fold(name), name])) : undefined;
  const evaluator = new EnvironmentEvaluator({
    bindings,
    fold,
    systemValue: (name) => {
      noteVariable(name);
      const spelled = systemNames === undefined ? name : systemNames.get(fold(name));
      return spelled !== undefined && Object.hasOwn(system, spelled) ? system[spelled] : undefined;
    },
    commandOutput: options.commandOutput ?? (() => undefined),
  });
  for (const name of options.secrets ?? []) declarations.secrets.set(fold(name), true);
  const problems = evaluator.problems;
  const base = systemPart(system, declarations, options);
  const values =
    bindings.size === 0 ? base : applyBindings(base, { bindings, evaluator, systemNames, problems });
  return {
    values,
    system,
    evaluator,
    bindings,
    fold,
    problems,
    missing: findMissing(values, {
      declarations,
      requiredEnv: [...(options.requiredEnv ?? []), ...(options.secrets ?? [])],
      fold,
      incomplete: evaluator.pending.length > 0,
    }),
    declaredSecrets: declarations.secrets,
    ...(options.secretPatterns === undefined ? {} : { secretPatterns: options.secretPatterns }),
  };
}

/**
 * As `resolveEnvironment`, with `runCommand` for the commands that are needed; independent ones run at the same time,
 * and equal ones of one file once. A failed command is a problem that names its variable.
 */
export async function resolveEnvironmentWithCommands(
  layers: readonly EnvLayer[],
  runCommand: RunCommand,
  options: EnvironmentOptions = {},
): Promise<ResolvedEnvironment> {
  const outputs = new Map<string, string>();
  const failures: Diagnostic[] = [];
  const commandOutput = (request: CommandRequest): string | undefined =>
    options.commandOutput?.(request) ?? outputs.get(commandKey(request));
  // A command's output can decide whether another is needed, so this may take some rounds; each adds an output.
  for (;;) {
    const resolved = resolveEnvironment(layers, { ...options, commandOutput });
    if (resolved.pending.length === 0) {
      return failures.length === 0 ? resolved : resolved.withProblems(await masked(failures, resolved));
    }
    const requests = new Map(resolved.pending.map((request) => [commandKey(request), request]));
    await Promise.all(
      [...requests].map(async ([key, request]) => {
        const result = await runCommand(request);
        outputs.set(key, result.ok ? result.value : "");
        if (!result.ok) failures.push(commandFailure(request, result.error));
      }),
    );
  }
}

/** What a failed command has said may quote a secret that it was given. */
async function masked(
  failures: readonly Diagnostic[],
  resolved: ResolvedEnvironment,
): Promise<readonly Diagnostic[]> {
  const { maskText } = await import("./mask");
  const secrets = resolved.secretValues();
  return failures.map((failure) => ({
    ...failure,
    data: { ...failure.data, reason: maskText(String(failure.data["reason"]), secrets) },
  }));
}

function commandKey({ command, file }: CommandRequest): string {
  return `${file ?? ""}\0${command}`;
}

function commandFailure({ name, command, place }: CommandRequest, reason: string): Diagnostic {
  return {
    code: "E337",
    severity: "error",
    data: { name, command, reason },
    ...(place === undefined ? {} : { place }),
  };
}

const same = (name: string): string => name;
const upperCase = (name: string): string => name.toUpperCase();

/** The system layer's record itself when there is one layer with nothing but a record. */
function systemValues(layers: readonly EnvLayer[]): EnvValues {
  let only: EnvValues | undefined;
  let merged: Record<string, string> | undefined;
  for (const layer of layers) {
    if (layer.name !== "system") continue;
    if (only === undefined && layer.entries === undefined) {
      only = layer.values ?? {};
      continue;
    }
    merged ??= copyOf(only ?? {});
    Object.assign(merged, layer.values);
    for (const { name, value } of layer.entries ?? []) if (typeof value === "string") merged[name] = value;
  }
  return merged ?? only ?? {};
}

/** The system's variables that a child gets. The record itself if nothing has to go and nothing will be added. */
function systemPart(
  system: EnvValues,
  declarations: Declarations,
  options: EnvironmentOptions,
): Record<string, string> {
  const windows = options.windows === true;
  const fold = windows ? upperCase : same;
  if (options.envMode === "strict") {
    const declared = new Set(declarations.names);
    for (const name of [...(options.requiredEnv ?? []), ...(options.secrets ?? [])]) declared.add(fold(name));
    return withoutStripped(
      strictEnvironment(system, { passEnv: options.passEnv ?? [], declared, windows }),
      windows,
    );
  }
  if (needsStripping(system, windows)) return withoutStripped(copyOf(system), windows);
  // Names that are there have values; `undefined` in the type is only for names that are not.
  return declarations.bindings.size === 0 ? (system as Record<string, string>) : copyOf(system);
}

function copyOf(values: EnvValues): Record<string, string> {
  const copy = emptyEnvironment();
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}

function withoutStripped(values: Record<string, string>, windows: boolean): Record<string, string> {
  if (!windows) {
    for (const name of strippedVariables) delete values[name];
    return values;
  }
  for (const name in values) if (strippedVariables.includes(name.toUpperCase())) delete values[name];
  return values;
}

interface Application {
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly evaluator: EnvironmentEvaluator;
  /** Spelling of the system's names by folded name, where case does not count. */
  readonly systemNames: ReadonlyMap<string, string> | undefined;
  readonly problems: Diagnostic[];
}

/** Writes every bound variable's final value into `values`. */
function applyBindings(values: Record<string, string>, application: Application): Record<string, string> {
  const { bindings, evaluator, systemNames, problems } = application;
  for (const [key, stack] of bindings) {
    const top = stack.at(-1);
    if (top === undefined) continue;
    const name = systemNames?.get(key) ?? top.entry.name;
    const value = evaluator.value(name);
    if (value === undefined) delete values[name];
    else if (isAllowed(top.entry, value)) values[name] = value;
    else {
      if (strippedVariables.includes(key)) problems.push(diagnosticAt("E339", "warning", top));
      else problems.push(diagnosticAt("E343", "error", top));
      delete values[name];
    }
  }
  return values;
}

function isAllowed({ name }: EnvEntry, value: string): boolean {
  if (name === "" || name.includes("=") || name.includes("\0") || value.includes("\0")) return false;
  return !name.toUpperCase().startsWith("BUN_") || !strippedVariables.includes(name.toUpperCase());
}

function diagnosticAt(code: string, severity: Diagnostic["severity"], binding: Binding): Diagnostic {
  const place = bindingPlace(binding);
  return { code, severity, data: { name: binding.entry.name }, ...(place === undefined ? {} : { place }) };
}
