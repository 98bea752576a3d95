import { parseDuration } from "#base/duration";
import { isRegex } from "#base/is-regex";
import type { OptionDefinition } from "./command";

/** What the value of an option has to look like, where the given one does not; undefined where it does. */
export function valueProblem(definition: OptionDefinition, value: string): string | undefined {
  const choices = choicesOf(definition);
  if (choices.length > 0 && !choices.includes(value)) return `one of ${choices.join(", ")}`;
  switch (definition.format) {
    case undefined:
      return undefined;
    case "jobs":
      return isJobs(value) ? undefined : "a number from 1 or a share such as 50%";
    case "duration":
      return parseDuration(value) === undefined ? "a duration such as 30s, 5m or 1h30m" : undefined;
    case "key=value":
      return value.indexOf("=") > 0 ? undefined : "of the form NAME=VALUE";
    case "regex":
      return isRegex(value) ? undefined : "a regular expression";
    case "shard":
      return isShard(value) ? undefined : "a part of a whole such as 2/5";
    case "cache-use":
      return CACHE_USE.test(value) ? undefined : "a use of caches such as local:rw,remote:r";
    case "count":
      return /^\d{1,9}$/.test(value) ? undefined : "a whole number";
    case "positive":
      return /^0*[1-9]\d{0,8}$/.test(value) ? undefined : "a whole number from 1";
  }
}

const CACHE_USE = /^(?:local|remote)(?::(?:r|w|rw|off))?(?:,(?:local|remote)(?::(?:r|w|rw|off))?)*$/;

/** The only values that an option takes; none where it takes any. */
export function choicesOf(definition: OptionDefinition): readonly string[] {
  return definition.type === "enum" ? (definition.options ?? []) : [];
}

/** A boolean that counts how often it is given. */
export const isCounted = (definition: OptionDefinition): boolean =>
  definition.type === "boolean" && definition.format === "count";

function isJobs(value: string): boolean {
  const match = /^([1-9]\d{0,5})(%?)$/.exec(value);
  return match !== null && (match[2] === "" || Number(match[1]) <= 100);
}

function isShard(value: string): boolean {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(value);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= Number(match[2]);
}
