import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { formatProblem } from "#core/config/formats";
import { readValues } from "#core/config/toml/read-values";
import { isRegex } from "#base/is-regex";
import { isTomlTable } from "#core/config/toml/values";
import type { TomlTable, TomlValue } from "#core/config/toml/values";
import { QUESTION_TYPES } from "./template";
import type { Answer, FileRule, Question, QuestionType, Template } from "./template";

/** What is wrong with a template; thrown only inside of this file. */
class Wrong extends Error {}

/** Reads a `template.toml`. The error says what is wrong with it. */
export function readTemplate(
  text: string,
  place: { readonly name: string; readonly folder?: string },
): Result<Template, string> {
  const values = readValues(text);
  if (!values.ok) return err(values.error.kind === "syntax" ? values.error.reason : "it can't be read");
  try {
    return ok({ ...place, ...templateOf(values.value) });
  } catch (error) {
    if (error instanceof Wrong) return err(error.message);
    throw error;
  }
}

function templateOf(table: TomlTable): Omit<Template, "name" | "folder"> {
  only(table, ["description", "questions", "config", "files"], "the template");
  const config = optionalText(table["config"], "config");
  return {
    description: optionalText(table["description"], "description") ?? "",
    questions: Object.entries(tableAt(table, "questions")).map(([name, value]) => questionOf(name, value)),
    ...(config === undefined ? {} : { config }),
    rules: Object.entries(tableAt(table, "files")).map(([glob, value]) => ruleOf(glob, value)),
  };
}

function questionOf(name: string, value: TomlValue | undefined): Question {
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new Wrong(`the question '${name}' needs a name of letters, digits and _`);
  const what = `questions.${name}`;
  if (!isTomlTable(value)) throw new Wrong(`${what} is no table`);
  only(value, ["type", "ask", "default", "choices", "pattern"], what);
  const type = typeOf(
    optionalText(value["type"], `${what}.type`) ?? (value["choices"] === undefined ? "string" : "choice"),
    what,
  );
  const choices = textList(value["choices"] ?? [], `${what}.choices`);
  if ((type === "choice") !== choices.length > 0)
    throw new Wrong(`${what} is a choice exactly where it has choices`);
  const pattern = optionalText(value["pattern"], `${what}.pattern`);
  if (pattern !== undefined && !isRegex(pattern)) throw new Wrong(`${what}.pattern is no regular expression`);
  const fallback = value["default"];
  return {
    name,
    type,
    ask: optionalText(value["ask"], `${what}.ask`) ?? name,
    choices,
    ...(pattern === undefined ? {} : { pattern }),
    ...(fallback === undefined ? {} : { default: defaultOf(fallback, type, what) }),
  };
}

function typeOf(text: string, what: string): QuestionType {
  const type = QUESTION_TYPES.find((known) => known === text);
  if (type === undefined) throw new Wrong(`${what}.type is none of ${QUESTION_TYPES.join(", ")}`);
  return type;
}

function defaultOf(value: TomlValue, type: QuestionType, what: string): Answer {
  const wrong = new Wrong(`${what}.default does not fit its type`);
  if (type === "list") return textList(value, `${what}.default`);
  if (type === "number" && (typeof value === "number" || typeof value === "bigint")) return Number(value);
  if (type === "boolean" && typeof value === "boolean") return value;
  if ((type === "string" || type === "choice") && typeof value === "string") return value;
  throw wrong;
}

function ruleOf(glob: string, value: TomlValue | undefined): FileRule {
  const what = `files.'${glob}'`;
  if (formatProblem("glob", glob) !== undefined) throw new Wrong(`${what} is no glob`);
  if (!isTomlTable(value)) throw new Wrong(`${what} is no table`);
  only(value, ["when", "raw", "merge"], what);
  const when = optionalText(value["when"], `${what}.when`);
  return {
    glob,
    raw: optionalFlag(value["raw"], `${what}.raw`),
    merge: optionalFlag(value["merge"], `${what}.merge`),
    ...(when === undefined ? {} : { when }),
  };
}

function only(table: TomlTable, keys: readonly string[], what: string): void {
  const strange = Object.keys(table).find((key) => !keys.includes(key));
  if (strange !== undefined) throw new Wrong(`${what} has no key '${strange}'; there are ${keys.join(", ")}`);
}

function tableAt(table: TomlTable, key: string): TomlTable {
  const value = table[key];
  if (value === undefined) return {};
  if (!isTomlTable(value)) throw new Wrong(`${key} is no table`);
  return value;
}

function optionalText(value: TomlValue | undefined, what: string): string | undefined {
  if (value !== undefined && typeof value !== "string") throw new Wrong(`${what} is no text`);
  return value;
}

function optionalFlag(value: TomlValue | undefined, what: string): boolean {
  if (value !== undefined && typeof value !== "boolean") throw new Wrong(`${what} is neither true nor false`);
  return value ?? false;
}

function textList(value: TomlValue, what: string): readonly string[] {
  if (!Array.isArray(value)) throw new Wrong(`${what} is no list`);
  // Every item is looked at.
  const items = value as readonly unknown[];
  return items.map((item) => {
    if (typeof item !== "string") throw new Wrong(`${what} has an item that is no text`);
    return item;
  });
}
