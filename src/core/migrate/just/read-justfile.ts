import { ExpressionReader, type Expression } from "./expression";
import type {
  Assignment,
  Attribute,
  BodyLine,
  Dependency,
  Justfile,
  Parameter,
  Problem,
  Recipe,
} from "./justfile";

/** Reads the text of a justfile. What can't be read is among its problems; the rest is there. */
export function readJustfile(source: string, file: string): Justfile {
  return new JustfileReader(source, file).read();
}

class JustfileReader {
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #settings = new Map<
    string,
    { readonly value: string | readonly string[] | boolean; readonly line: number }
  >();
  readonly #assignments: Assignment[] = [];
  readonly #recipes: Recipe[] = [];
  readonly #aliases: Justfile["aliases"][number][] = [];
  readonly #imports: Justfile["imports"][number][] = [];
  readonly #modules: Justfile["modules"][number][] = [];
  readonly #unexports: string[] = [];
  readonly #problems: Problem[] = [];
  #at = 0;
  #comments: string[] = [];
  #attributes: Attribute[] = [];

  constructor(source: string, file: string) {
    this.#lines = source.replace(/^\ufeff/, "").split(/\r?\n/);
    this.#file = file;
  }

  read(): Justfile {
    const header = headerOf(this.#lines);
    while (this.#at < this.#lines.length) this.#item();
    return {
      file: this.#file,
      settings: this.#settings,
      assignments: this.#assignments,
      recipes: this.#recipes,
      aliases: this.#aliases,
      imports: this.#imports,
      modules: this.#modules,
      unexports: this.#unexports,
      problems: this.#problems,
      header,
    };
  }

  #item(): void {
    const line = this.#at;
    const first = this.#lines[line] ?? "";
    if (first.trim() === "") {
      this.#at += 1;
      this.#comments = [];
      return;
    }
    if (first.startsWith("#")) {
      this.#at += 1;
      if (!first.startsWith("#!")) this.#comments.push(first.replace(/^#+\s?/, ""));
      return;
    }
    const text = this.#statement();
    if (/^\s/.test(first)) this.#problem(line, first.trim(), "it belongs to no recipe");
    else if (text.startsWith("[")) this.#attribute(text, line);
    else {
      this.#named(text, line);
      this.#comments = [];
      this.#attributes = [];
    }
  }

  #problem(line: number, what: string, why: string): void {
    this.#problems.push({ file: this.#file, line: line + 1, what, why });
  }

  /** The next item, which ends with its line unless a string, a bracket or a backslash goes on. */
  #statement(): string {
    let text = this.#lines[this.#at] ?? "";
    this.#at += 1;
    while (this.#at < this.#lines.length && isOpen(text)) {
      text += `\n${this.#lines[this.#at] ?? ""}`;
      this.#at += 1;
    }
    return text;
  }

  #attribute(text: string, line: number): void {
    let rest = text;
    while (rest.startsWith("[")) {
      const end = closing(rest, 0);
      if (end === undefined) return this.#problem(line, text, "the attribute can't be read");
      for (const part of splitTop(rest.slice(1, end))) {
        const attribute = readAttribute(part);
        if (attribute === undefined) this.#problem(line, part, "the attribute can't be read");
        else this.#attributes.push(attribute);
      }
      rest = rest.slice(end + 1).trimStart();
    }
    if (rest !== "" && !rest.startsWith("#")) {
      this.#named(rest, line);
      this.#comments = [];
      this.#attributes = [];
    }
  }

  #named(text: string, line: number): void {
    const setting = /^set\s+([a-z][\w-]*)\s*(?::=\s*([^]*?))?\s*$/.exec(withoutComment(text));
    if (setting !== null) {
      const value = setting[2] === undefined || setting[2] === "" ? true : settingValue(setting[2]);
      if (value === undefined) this.#problem(line, text, "the setting can't be read");
      else this.#settings.set(setting[1] ?? "", { value, line: line + 1 });
      return;
    }
    const alias = /^alias\s+([\w-]+)\s*:=\s*([\w-]+(?:::[\w-]+)*)\s*$/.exec(withoutComment(text));
    if (alias !== null)
      return void this.#aliases.push({ name: alias[1] ?? "", target: alias[2] ?? "", line: line + 1 });
    const unexport = /^unexport\s+([\w-]+)\s*$/.exec(withoutComment(text));
    if (unexport !== null) return void this.#unexports.push(unexport[1] ?? "");
    const imported = /^import(\?)?\s+(['"][^]*)$/.exec(text);
    if (imported !== null) {
      const path = plainString(imported[2] ?? "");
      if (path === undefined) return this.#problem(line, text, "its path can't be read");
      return void this.#imports.push({ path, isOptional: imported[1] === "?", line: line + 1 });
    }
    const module = /^mod(\?)?\s+([\w-]+)(?:\s+(['"][^]*))?\s*$/.exec(withoutComment(text));
    if (module !== null) {
      const path = module[3] === undefined ? undefined : plainString(module[3]);
      return void this.#modules.push({
        name: module[2] ?? "",
        path,
        isOptional: module[1] === "?",
        line: line + 1,
      });
    }
    const assignment = /^(?:(export|lazy|eager)\s+)*([A-Za-z_][\w-]*)\s*:=\s*([^]*)$/.exec(text);
    if (assignment !== null) return this.#assignment(text, assignment, line);
    this.#recipe(text, line);
  }

  #assignment(text: string, [, , name = "", value = ""]: RegExpExecArray, line: number): void {
    const reader = new ExpressionReader(value);
    const expression = reader.expression();
    if (expression === undefined || !/^\s*(?:#[^]*)?$/.test(reader.rest()))
      return this.#problem(line, text.split("\n")[0] ?? "", "the expression can't be read");
    this.#assignments.push({
      name,
      line: line + 1,
      value: expression,
      isExported: /^export\s/.test(text),
      comments: this.#comments,
    });
  }

  #recipe(text: string, line: number): void {
    const reader = new ExpressionReader(text);
    const isQuiet = reader.take("@");
    const name = reader.name();
    const parameters: Parameter[] = [];
    let isValid = name !== undefined;
    while (isValid && !reader.take(":")) {
      const parameter = readParameter(reader);
      if (parameter === undefined) isValid = false;
      else parameters.push(parameter);
    }
    const body = this.#body();
    if (!isValid || name === undefined || reader.startsWith("="))
      return this.#problem(line, text.split("\n")[0] ?? "", "it can't be read");
    const before = readDependencies(reader);
    const after = reader.take("&&") ? readDependencies(reader) : [];
    if (before === undefined || after === undefined || !/^\s*(?:#[^]*)?$/.test(reader.rest()))
      return this.#problem(line, text, "its dependencies can't be read");
    this.#recipes.push({
      name,
      line: line + 1,
      file: this.#file,
      attributes: this.#attributes,
      comments: this.#comments,
      isQuiet,
      parameters,
      before,
      after,
      body,
    });
  }

  /** The indented lines that follow. */
  #body(): readonly BodyLine[] {
    const lines: BodyLine[] = [];
    let end = this.#at;
    for (let at = this.#at; at < this.#lines.length; at += 1) {
      const text = this.#lines[at] ?? "";
      if (text.trim() !== "" && !/^[ \t]/.test(text)) break;
      lines.push({ line: at + 1, text: text.trim() === "" ? "" : text });
      if (text.trim() !== "") end = at + 1;
    }
    const kept = lines.slice(0, end - this.#at);
    if (kept.length === 0) return [];
    this.#at = end;
    const indent = /^[ \t]*/.exec(kept.find(({ text }) => text !== "")?.text ?? "")?.[0] ?? "";
    return kept.map(({ line, text }) => ({
      line,
      text: text.startsWith(indent) ? text.slice(indent.length) : text.trimStart(),
    }));
  }
}

function readParameter(reader: ExpressionReader): Parameter | undefined {
  const variadic = reader.take("*") ? "*" : reader.take("+") ? "+" : undefined;
  const isExported = reader.take("$");
  const name = reader.name();
  if (name === undefined) return undefined;
  const fallback = reader.take("=") ? reader.value() : undefined;
  return { name, fallback, variadic, isExported };
}

/** Undefined where something is no dependency. */
function readDependencies(reader: ExpressionReader): readonly Dependency[] | undefined {
  const found: Dependency[] = [];
  for (;;) {
    reader.blanks();
    if (reader.isAtEnd() || reader.startsWith("#") || reader.startsWith("&&")) return found;
    const isGroup = reader.take("(");
    const name = dependencyName(reader);
    if (name === undefined) return undefined;
    const args = isGroup ? readArguments(reader) : [];
    if (args === undefined) return undefined;
    found.push({ name, args });
  }
}

/** Expressions up to the closing parenthesis. */
function readArguments(reader: ExpressionReader): readonly Expression[] | undefined {
  const args: Expression[] = [];
  for (;;) {
    reader.blanks(true);
    if (reader.take(")")) return args;
    const arg = reader.expression();
    if (arg === undefined) return undefined;
    args.push(arg);
  }
}

function dependencyName(reader: ExpressionReader): string | undefined {
  let name = reader.name();
  while (name !== undefined && reader.startsWith("::")) {
    reader.at += 2;
    const next = reader.name();
    name = next === undefined ? undefined : `${name}::${next}`;
  }
  return name;
}

function readAttribute(text: string): Attribute | undefined {
  const match = /^\s*([a-z][\w-]*)\s*(?:\(([^]*)\)|:\s*([^]+))?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, name = "", inner, short] = match;
  const parts = inner === undefined ? (short === undefined ? [] : [short]) : splitTop(inner);
  const args = parts
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const named = /^\s*([a-z][\w-]*)\s*=\s*([^]*)$/.exec(part);
      if (named !== null)
        return { name: named[1] ?? "", value: plainString(named[2] ?? "") ?? (named[2] ?? "").trim() };
      const flag = /^\s*([a-z][\w-]*)\s*$/.exec(part);
      return flag === null ? { value: plainString(part) ?? part.trim() } : { name: flag[1] ?? "", value: "" };
    });
  return { name, args };
}

function settingValue(source: string): string | readonly string[] | boolean | undefined {
  const text = source.trim();
  if (text === "true" || text === "false") return text === "true";
  if (!text.startsWith("[")) return plainString(text);
  const end = closing(text, 0);
  if (end === undefined) return undefined;
  const words = splitTop(text.slice(1, end))
    .filter((part) => part.trim() !== "")
    .map(plainString);
  return words.every((word) => word !== undefined) ? words : undefined;
}

function plainString(source: string): string | undefined {
  const reader = new ExpressionReader(source.trim());
  const value = reader.value();
  return value?.kind === "text" && /^\s*(?:#[^]*)?$/.test(reader.rest()) ? value.text : undefined;
}

/** Whether a bracket, a string of several lines or a backslash at the end goes on with the next line. */
function isOpen(text: string): boolean {
  const depth = scan(text);
  return (
    depth === "string" || depth > 0 || (/(?:^|[^\\])\\$/.test(text) && !text.trimStart().startsWith("#"))
  );
}

/** How many brackets are open at the end, or that a string is. */
function scan(text: string): number | "string" {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "#" && depth === 0) at = lineEnd(text, at);
    else if ("'\"`".includes(char)) {
      const mark = text.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      const end = stringEnd(text, at + mark.length, mark);
      if (end === undefined) return mark.length === 3 || char !== "`" ? "string" : 0;
      at = end - 1;
    } else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth = Math.max(0, depth - 1);
  }
  return depth;
}

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
};

function stringEnd(text: string, start: number, mark: string): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    if (mark.startsWith('"') && text[at] === "\\") at += 1;
    else if (text.startsWith(mark, at)) return at + mark.length;
  }
  return undefined;
}

/** The bracket that closes the one at a place. */
function closing(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if ("'\"`".includes(char)) {
      const end = stringEnd(text, at + 1, char);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** Parts between commas that are in no bracket or string. */
function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if ("'\"`".includes(char)) at = (stringEnd(text, at + 1, char) ?? text.length) - 1;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The text in front of a comment, which no string holds. */
function withoutComment(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if ("'\"`".includes(char)) at = (stringEnd(text, at + 1, char) ?? text.length) - 1;
    else if (char === "#") return text.slice(0, at).trimEnd();
  }
  return text;
}

/** The comment at the top, where an empty line sets it apart. */
function headerOf(lines: readonly string[]): readonly string[] {
  const header: string[] = [];
  for (const text of lines) {
    if (!text.startsWith("#")) return text.trim() === "" ? header : [];
    if (!text.startsWith("#!")) header.push(text.replace(/^#+\s?/, ""));
  }
  return header;
}
