import { TomlStop } from "./toml-stop";
import type { TomlValue } from "./values";

const decimal = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const float = /^[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?$/;
const prefixed = /^0(?:x[\dA-Fa-f](?:_?[\dA-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/;
const special = new Map<string, TomlValue>([
  ["true", true],
  ["false", false],
  ["inf", Infinity],
  ["+inf", Infinity],
  ["-inf", -Infinity],
  ["nan", NaN],
  ["+nan", NaN],
  ["-nan", NaN],
]);

const dateLike =
  /^(?:(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:\d{2})?)?|(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))$/;

/** A boolean, number, date or time from its spelling; a date and a time may be joined by a space. */
export function readWord(word: string): TomlValue {
  const known = special.get(word);
  if (known !== undefined) return known;
  if (decimal.test(word) || prefixed.test(word)) return integer(word);
  if (float.test(word)) return Number(word.replaceAll("_", ""));
  return readDate(word);
}

function integer(word: string): number {
  const value = Number(word.replaceAll("_", ""));
  if (!Number.isSafeInteger(value)) throw new TomlStop(`${word} is not within +/-(2^53 - 1)`);
  return value + 0; // Makes -0 a plain zero.
}

function readDate(word: string): TomlValue {
  const match = dateLike.exec(word);
  if (match === null) throw new TomlStop(`'${word.slice(0, 40)}' is not a value`);
  const [, date, dateTime, offset, time = dateTime] = match;
  // Temporal also reads 24:00 and offsets of a day and more, which TOML does not have.
  if (time?.startsWith("24") === true || /^[+-](?:2[4-9]|[3-9])/.test(offset ?? "")) {
    throw new TomlStop(`'${word}' is out of range`);
  }
  const clock = time?.replace(/(\.\d{9})\d+/, "$1"); // Temporal reads at most nine digits of a second's fraction.
  try {
    if (clock === undefined) return Temporal.PlainDate.from(`${date}`);
    if (date === undefined) return Temporal.PlainTime.from(clock);
    if (offset === undefined) return Temporal.PlainDateTime.from(`${date}T${clock}`);
    return Temporal.Instant.from(`${date}T${clock}${offset.toUpperCase()}`);
  } catch {
    throw new TomlStop(`'${word}' is out of range`);
  }
}
