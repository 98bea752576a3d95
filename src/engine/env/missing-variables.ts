import type { Diagnostic, Place } from "#base/diagnostic";

import type { Declarations } from "./declarations";
import { bindingPlace } from "./environment-evaluator";

/** A required variable without a value. */
export interface MissingVariable {
  readonly name: string;
  readonly reason: "unset" | "empty";
  readonly description?: string;
  readonly place?: Place;
}

export interface MissingInput {
  readonly declarations: Declarations;
  /** Names that a task asks for (`required_env`, `secrets`). */
  readonly requiredEnv: readonly string[];
  readonly fold: (name: string) => string;
  /** Empty values of what a layer declares may still get their text from a command. */
  readonly incomplete: boolean;
}

/** Required variables without a value, or with an empty one, which is how a copied `.env.example` looks. */
export function findMissing(
  values: Readonly<Record<string, string>>,
  input: MissingInput,
): MissingVariable[] {
  const { declarations, requiredEnv, fold, incomplete } = input;
  const names = new Map<string, string>();
  for (const [key, { entry }] of declarations.required) names.set(key, entry.name);
  for (const name of requiredEnv) names.set(fold(name), name);
  if (names.size === 0) return [];
  const present = new Map<string, string>();
  for (const name in values) present.set(fold(name), values[name] ?? "");
  const missing: MissingVariable[] = [];
  for (const [key, name] of names) {
    const value = present.get(key);
    const isOpen = incomplete && declarations.bindings.has(key);
    if (value !== undefined && (value !== "" || isOpen)) continue;
    const binding = declarations.required.get(key);
    const place = binding === undefined ? undefined : bindingPlace(binding);
    missing.push({
      name,
      reason: value === undefined ? "unset" : "empty",
      ...(binding?.entry.description === undefined ? {} : { description: binding.entry.description }),
      ...(place === undefined ? {} : { place }),
    });
  }
  return missing;
}

/** The same as diagnostics; a name from `required_env` alone has no place of its own, the caller may give one. */
export function missingDiagnostics(missing: readonly MissingVariable[], fallback?: Place): Diagnostic[] {
  return missing.map(({ name, reason, description, place = fallback }) => ({
    code: "E338",
    severity: "error",
    data: { name, state: reason, ...(description === undefined ? {} : { description }) },
    ...(place === undefined ? {} : { place }),
  }));
}
