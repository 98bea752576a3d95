import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { asBoolean, isIn } from "./compare";
import type { Answer, ExprHost } from "./host";
import { whenReady } from "./maybe";
import type { Maybe } from "./maybe";
import type { Unplaced } from "./problem";
import { parseRange, parseVersion, satisfies } from "./semver";
import type { Version } from "./semver";
import { booleanValue, fromPlain, stringValue } from "./value";
import type { ExprValue } from "./value";

/** A problem of a call; `argument` is the index of the argument it is about. */
export interface CallProblem extends Unplaced {
  readonly argument?: number;
}

export type CallResult = Maybe<Result<ExprValue, CallProblem>>;

export function text(args: readonly ExprValue[], index: number): string {
  const value = args[index];
  return value?.kind === "string" ? value.value : "";
}

export function answer<T>(asked: Answer<T>, make: (value: T) => ExprValue, name: string): CallResult {
  return whenReady(asked, (result): Result<ExprValue, CallProblem> => {
    if (result.ok) return ok(make(result.value));
    return err({ code: "E237", data: { name, reason: result.error.reason } });
  });
}

export function runShell(args: readonly ExprValue[], host: ExprHost): CallResult {
  if (host.shellRefusal !== null) return err({ code: "E236", data: { reason: host.shellRefusal } });
  const make = ({ output, exitCode }: { output: string; exitCode: number }): ExprValue => ({
    ...stringValue(output, "shell"),
    exitCode,
  });
  return answer(host.shell(text(args, 0)), make, "shell");
}

export function versionAt(args: readonly ExprValue[], argument: number): Result<Version, CallProblem> {
  const version = parseVersion(text(args, argument));
  return version === undefined ? err(formatProblem("version", text(args, argument), argument)) : ok(version);
}

export function satisfiesRange(args: readonly ExprValue[]): CallResult {
  const version = versionAt(args, 0);
  if (!version.ok) return version;
  const range = parseRange(text(args, 1));
  if (range === undefined) return err(formatProblem("range", text(args, 1), 1));
  return ok(booleanValue(satisfies(version.value, range)));
}

/** The problem of a text that is no version or range. */
export function formatProblem(format: "version" | "range", value: string, argument: number): CallProblem {
  return { code: "E234", data: { text: value, format }, argument };
}

export function containsPart(container: ExprValue, part: ExprValue): CallResult {
  if (container.kind !== "string") return asBoolean(isIn(part, container, "contains"));
  if (part.kind === "string") return ok(booleanValue(container.value.includes(part.value)));
  return err({ code: "E220", data: { operator: "contains", left: container.kind, right: part.kind } });
}

export function lengthOf(value: ExprValue): number {
  if (value.kind === "string") return [...value.value].length;
  if (value.kind === "array") return value.items.length;
  return value.kind === "object" ? value.fields.size : 0;
}

export function parseJson(source: string): CallResult {
  let data: unknown;
  try {
    data = JSON.parse(source);
  } catch (error) {
    return err({ code: "E235", data: { reason: error instanceof Error ? error.message : "unreadable" } });
  }
  const value = fromPlain(data);
  return value.ok ? value : err({ code: "E235", data: { reason: value.error } });
}

export function readEnv(value: string | null, fallback: ExprValue): ExprValue {
  if (value !== null) return stringValue(value, "env");
  return fallback.kind === "string" ? stringValue(fallback.value, "env") : fallback;
}
