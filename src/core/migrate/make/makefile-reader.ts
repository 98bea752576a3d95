import { assigned } from "./assigned-variable";
import { headerOf, prerequisiteParts, topLevel, wordsOf } from "./reader-text";
import { ConversionReport, type SourcePlace } from "#core/migrate/conversion-report";
import { Conditions } from "./conditions";
import { DefineBlock } from "./define-block";
import { Expander } from "./expander";
import type { ExpansionHost, Scope, Variable } from "./expansion-host";
import { isThere } from "./present-files";
import { joined, logicalLines, splitComment, type LogicalLine } from "./logical-lines";
import { OpenConditions, type WorldRequest } from "#core/migrate/worlds";
import type { Makefile, RecipeLine, Rule } from "./makefile";
import { LostOverrides } from "#core/migrate/lost-overrides";
import { NameMarks } from "./name-marks";
import { settledRules, withLastResort, type LastResort } from "./settled-rules";
import { constantOf, defaultOf, unknownIn, type Piece, type Pieces } from "#core/migrate/pieces";
import type { KnownFiles, WantedFiles } from "./known-files";
import { withSystem } from "./shell-calls";
import { Variables } from "./variables";
import { readAssignment, readRule, type Assignment, type RuleLine } from "./statements";

export interface ReadOptions extends WorldRequest {
  readonly main: string;
  readonly files: KnownFiles;
  /** Filled while the file is read, and while what is read is expanded. */
  readonly wanted: WantedFiles;
}

const NO_SCOPE: Scope = new Map();
const MAX_INCLUDES = 200;
const MAX_STATEMENTS = 50_000;
/** Lines made by lines, made by lines, and so on. */
const MOST_DEPTH = 100;

/** Reads a Makefile and what it includes, as make does, without running anything. */
export function readMakefile(options: ReadOptions): Makefile {
  return new MakefileReader(options).read();
}

class MakefileReader implements ExpansionHost {
  readonly #options: ReadOptions;
  readonly #expander = new Expander(this);
  readonly #rules: Rule[] = [];
  readonly #marks = new NameMarks();
  readonly overrides = new LostOverrides();
  readonly #variables = new Variables();
  readonly #assigned = new Map<string, string>();
  readonly #ofTargets: Makefile["ofTargets"][number][] = [];
  readonly #exported = new Set<string>();
  readonly #unexported = new Set<string>();
  readonly #phony = new Set<string>();
  readonly #special = new Map<string, string[]>();
  readonly #report = new ConversionReport();
  readonly #open: OpenConditions;
  readonly #errors: Makefile["errors"][number][] = [];
  readonly #files: string[] = [];
  readonly #dotenv: string[] = [];
  readonly #comments = new Map<string, readonly string[]>();
  #exportsAll = false;
  #asksSystem = false;
  #header: readonly string[] = [];
  #current: RecipeLine[] | undefined;
  readonly #isThere = (name: string): boolean | undefined => isThere(name, (path) => this.files(path));
  #lastResort: LastResort | undefined;
  #pending: string[] = [];
  #conditions: Conditions;
  #file = "";
  #line = 0;
  #depth = 0;
  #statements = 0;
  #define: DefineBlock | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#open = new OpenConditions(options, () => this.#place);
    this.#conditions = new Conditions(this.#conditionHost());
  }

  read(): Makefile {
    this.#include(this.#options.main, false);
    const goal = this.#variables.get(".DEFAULT_GOAL");
    const named =
      goal === undefined
        ? undefined
        : typeof goal.value === "string"
          ? this.#expander.expandNow(goal.value, NO_SCOPE)
          : defaultOf(goal.value);
    return {
      rules: withLastResort(settledRules(this.#rules, this.#marks), this.#lastResort, {
        isMissing: (name) =>
          !this.#phony.has(name) && !this.#marks.isOpen(name) && this.#isThere(name) === false,
        report: this.#report,
      }),
      marks: this.#marks,
      variables: this.#variables.all,
      assigned: this.#assigned,
      ofTargets: this.#ofTargets,
      exported: this.#exported,
      exportsAll: this.#exportsAll,
      unexported: this.#unexported,
      phony: this.#phony,
      special: this.#special,
      defaultGoal: named === undefined || named === "" ? undefined : named,
      header: this.#header,
      remarks: () => this.#report.items,
      comments: this.#comments,
      facts: this.#open.facts,
      asksSystem: () => this.#asksSystem,
      errors: this.#errors,
      files: this.#files,
      overrides: this.overrides,
      dotenv: this.#dotenv,
      expand: (text, scope) => this.#expander.expand(text, scope),
      isThere: (name) => (this.#marks.isOpen(name) ? undefined : this.#isThere(name)),
      nameless: this.#nameless.size,
      apart: (work, at) => this.#apart(work, at),
    };
  }

  variable(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  files(pattern: string): readonly string[] | undefined {
    const found = this.#options.files.globs.get(pattern);
    if (found === undefined) this.#options.wanted.globs.add(pattern);
    return found;
  }

  define(assignment: Pick<Assignment, "name" | "operator">, value: Pieces): void {
    const { name, operator } = assignment;
    // What is expanded already is no longer expanded at each use.
    const simple = operator === "=" ? ":=" : operator;
    const variable = assigned(this.#variables.get(name), { name, operator: simple, value: "" }, () => value);
    if (variable !== undefined) this.#variables.set(name, variable);
  }

  evaluate(text: string): void {
    if (this.#depth >= MOST_DEPTH) return this.#lose(text, "it makes lines that make lines without an end");
    this.#depth += 1;
    const [line, current] = [this.#line, this.#current];
    for (const one of logicalLines(text)) this.#statement({ ...one, line });
    this.#current = current;
    this.#depth -= 1;
  }

  makefiles(): readonly string[] {
    return this.#files;
  }

  system(): string {
    this.#asksSystem = true;
    return this.#options.system;
  }

  decide(expression: string, usual: boolean): boolean {
    return this.#open.decide(expression, usual);
  }

  isReading(): boolean {
    return this.#isTop;
  }

  unread(): string | undefined {
    return this.#unread;
  }

  remarkOn(what: string, why: string): void {
    this.#report.approximated(this.#place, what, why);
  }

  /** Text that was not read, so that names that nothing defines may be defined there. */
  #lose(what: string, why: string): void {
    this.#unread ??= `${this.#file}:${this.#line}`;
    this.#report.leftOut(this.#place, what, why);
  }

  #unread: string | undefined;

  #conditionHost(): ConstructorParameters<typeof Conditions>[0] {
    return {
      open: this.#open,
      variable: (name) => this.variable(name),
      expand: (text) => this.#expander.expand(text, NO_SCOPE),
      expandNow: (text) => this.#expander.expandNow(text, NO_SCOPE),
      files: (pattern) => this.files(pattern),
      settle: (pieces) => this.overrides.settle(pieces),
      unread: () => this.#unread,
      remark: (what, why) => this.#report.note(this.#place, what, why),
      place: () => `${this.#file}:${this.#line}`,
    };
  }

  /** Does something whose assignments count no further. */
  #apart<T>(work: () => T, { file, line }: SourcePlace): T {
    [this.#file, this.#line] = [file, line];
    return this.#variables.apart(work);
  }

  fail(message: string): void {
    if (!this.#isTop) return;
    this.#errors.push({ message, line: this.#line, file: this.#file });
    this.#open.stop();
  }

  /** Whether something is expanded while the file is read, and not for a task. */
  #isTop = false;

  #include(path: string, isOptional: boolean): void {
    const { texts } = this.#options.files;
    if (!texts.has(path)) {
      this.#options.wanted.texts.add(path);
      return;
    }
    const text = texts.get(path);
    if (text === undefined) {
      if (!isOptional) this.#lose(`include ${path}`, "there is no such file");
      return;
    }
    if (this.#files.length > MAX_INCLUDES) return;
    this.#files.push(path);
    const [file, line, conditions, current] = [this.#file, this.#line, this.#conditions, this.#current];
    this.#file = path;
    this.#conditions = new Conditions(this.#conditionHost());
    this.#current = undefined;
    const lines = logicalLines(text);
    if (this.#files.length === 1) this.#header = headerOf(lines);
    this.#isTop = true;
    for (const one of lines) this.#statement(one);
    if (this.#define !== undefined)
      this.#report.leftOut(this.#place, `define ${this.#define.written}`, "it has no 'endef'");
    this.#define = undefined;
    this.#isTop = file !== "";
    [this.#file, this.#line, this.#conditions, this.#current] = [file, line, conditions, current];
  }

  get #place(): SourcePlace {
    return { file: this.#file, line: this.#line };
  }

  #statement({ raw, line, isIndented }: LogicalLine): void {
    this.#statements += 1;
    if (this.#statements > MAX_STATEMENTS) return;
    this.#line = line;
    if (this.#define !== undefined) return this.#defineLine(this.#define, (isIndented ? "\t" : "") + raw);
    const { isActive } = this.#conditions;
    if (isIndented && this.#current !== undefined) {
      if (isActive) this.#current.push({ line, text: raw });
      return;
    }
    const { code, comment } = splitComment(joined(raw));
    if (code.trim() === "") {
      if (comment === undefined) this.#pending = [];
      else if (isActive) this.#pending.push(comment.replace(/^#+!?\s?/, ""));
    } else if (!this.#conditions.take(code.trim()) && isActive) this.#code(code, comment);
  }

  /** A line that is read, without its comment. */
  #code(code: string, comment: string | undefined): void {
    const comments = this.#pending;
    this.#pending = [];
    if (this.#directive(code.trim(), code)) return;
    const assignment = readAssignment(code);
    if (assignment !== undefined) {
      this.#current = undefined;
      return this.#assign(assignment, comments);
    }
    if (this.#call(code.trim())) return;
    const rule = readRule(code);
    if (rule === undefined)
      return this.#report.leftOut(this.#place, code.trim(), "it is neither a rule nor an assignment");
    this.#rule(rule, comments, comment);
  }

  /** A line that is one reference, such as a call that makes rules; false where it is something else. */
  #call(code: string): boolean {
    if (!code.startsWith("$")) return false;
    const expanded = this.#expander.expand(code, NO_SCOPE);
    if (!topLevel(code)) return false;
    const made = constantOf(expanded)?.trim();
    const failed = unknownIn(expanded);
    if (failed !== undefined && this.#errors.length === 0) this.#lose(failed.what, failed.why);
    if (made !== undefined && made !== "") this.evaluate(made);
    return true;
  }

  #defineLine(block: DefineBlock, line: string): void {
    const defined = block.take(line);
    if (defined === undefined) return;
    this.#define = undefined;
    if (!this.#conditions.isActive) return;
    const name = this.#expander.assumed(defined.name, NO_SCOPE);
    if (name === undefined)
      return this.#lose(`define ${defined.name}`, "its name is only known when it runs");
    this.#set(name, defined.operator, defined.value);
    if (defined.isExported) this.#exported.add(name);
  }

  /** Directives other than conditions and assignments; true where the line was one. */
  #directive(trimmed: string, code: string): boolean {
    this.#define = DefineBlock.openedBy(trimmed);
    if (this.#define !== undefined) {
      this.#current = undefined;
      return true;
    }
    const include = /^(-include|sinclude|include)\s+([^]*)$/.exec(trimmed);
    if (include !== null && readAssignment(code) === undefined) {
      this.#includes(include[2] ?? "", include[1] !== "include");
      return true;
    }
    const exporting = /^(export|unexport)(?:\s+([^=]*))?$/.exec(trimmed);
    if (exporting !== null) {
      const names = (this.#expander.expandNow(exporting[2] ?? "", NO_SCOPE) ?? "")
        .split(/\s+/)
        .filter((name) => name !== "");
      if (names.length === 0) this.#exportsAll = exporting[1] === "export";
      for (const name of names) (exporting[1] === "export" ? this.#exported : this.#unexported).add(name);
      return true;
    }
    const undefine = /^(?:override\s+)?undefine\s+(\S+)$/.exec(trimmed);
    if (undefine !== null) {
      this.#variables.set(undefine[1] ?? "", undefined);
      return true;
    }
    if (/^(?:vpath|load|-load)\b(?!\s*[:?+]?=)/.test(trimmed)) {
      this.#report.leftOut(this.#place, trimmed, "it has no equal");
      return true;
    }
    return false;
  }

  #includes(text: string, isOptional: boolean): void {
    this.#current = undefined;
    const pieces = withSystem(this.#expander.expand(text, NO_SCOPE), () => this.system());
    const paths = pieces.map((piece): Piece =>
      piece.kind === "folder" ? { kind: "text", text: "." } : piece,
    );
    const known = constantOf(paths) ?? defaultOf(paths);
    const open = paths.find((piece) => piece.kind === "default" && constantOf(piece.fallback) !== "");
    if (open?.kind === "default" && known !== undefined)
      this.remarkOn(`include ${text}`, `it is the file of the default of ${open.name}`);
    if (known === undefined) return this.#lose(`include ${text}`, "its path is only known when it runs");
    for (const word of known.split(/\s+/).filter((one) => one !== "")) {
      const path = word.replace(/^(?:\.\/)+/, "");
      if (/(?:^|\/)\.env[\w.-]*$/.test(path)) this.#dotenv.push(isOptional ? `${path}?` : path);
      else if (path.startsWith("/") || path.startsWith("~")) {
        if (!isOptional) this.#lose(`include ${word}`, "it lies outside of the folder");
      } else if (/[*?[]/.test(path))
        for (const found of this.files(path) ?? []) this.#include(found, isOptional);
      else if (!path.endsWith(".d")) this.#include(path, isOptional);
    }
  }

  #assign({ name: raw, operator, value, modifiers }: Assignment, comments: readonly string[]): void {
    const name = this.#expander.assumed(raw, NO_SCOPE);
    if (name === undefined)
      return this.#lose(`${raw} ${operator} ${value}`, "its name is only known when it runs");
    this.#set(name, operator, value);
    if (modifiers.has("export")) this.#exported.add(name);
    if (modifiers.has("unexport")) this.#unexported.add(name);
    const said = comments.filter((line) => line.trim() !== "");
    if (said.length > 0) this.#comments.set(name, said);
  }

  #set(name: string, operator: Assignment["operator"], value: string): void {
    const before = this.#variables.get(name);
    this.overrides.assigned(name, operator !== "?=" && !value.includes("$"), this.#place);
    this.#assigned.set(name, `${this.#assigned.get(name) ?? ""}${operator} ${value}\n`);
    const expand = (text: string): Pieces => this.#expander.expand(text, NO_SCOPE);
    const variable = assigned(before, { name, operator, value }, expand);
    if (variable !== undefined) this.#variables.set(name, variable);
  }

  #rule(rule: RuleLine, comments: readonly string[], comment: string | undefined): void {
    const targetPieces = this.#named(rule.targets);
    const named = wordsOf(this.#marks.textOf(targetPieces));
    const targets = named.filter((word) => !this.#marks.isOpen(word) || this.#marks.isName(word));
    this.#current = [];
    if (rule.inline !== undefined && rule.inline !== "")
      this.#current.push({ line: this.#line, text: rule.inline });
    if (targets.length < named.length || (targets.length === 0 && constantOf(targetPieces) === undefined)) {
      const what = rule.targets.slice(0, 60);
      this.#report.leftOut(this.#place, what, "the name of the target is only known when it runs");
      if (this.#marks.textOf(targetPieces) !== "") this.#nameless.add(`${this.#file}:${this.#line}`);
    }
    if (targets.length === 0) return;
    const assignment = rule.isDouble ? undefined : readAssignment(rule.rest);
    if (assignment !== undefined) {
      this.#current = undefined;
      return this.#targetVariable(targets, assignment);
    }
    const { pattern, before, after } = prerequisiteParts(rule.rest);
    const pieces = this.#named(before);
    const later = this.#named(after);
    const prerequisites = wordsOf(this.#marks.textOf(pieces));
    if (targets.every((target) => /^\.[A-Z_]+$/.test(target)))
      return this.#specialTargets(targets, prerequisites);
    const isKnown = this.#marks.textOf(pieces) !== undefined;
    const reason = unknownIn(pieces) ?? {
      kind: "unknown" as const,
      what: before.trim().slice(0, 60),
      why: "its prerequisites are only known when it runs",
    };
    this.#rules.push({
      file: this.#file,
      line: this.#line,
      targets,
      source: rule.rest,
      prerequisites,
      orderOnly: wordsOf(this.#marks.textOf(later)),
      unknown: isKnown ? undefined : reason,
      isListed: !isKnown && unknownIn(pieces) === undefined,
      pattern: pattern === undefined ? undefined : this.#patternIn(pattern),
      isDouble: rule.isDouble,
      recipe: this.#current,
      comments,
      help: comment?.startsWith("##") === true ? comment.replace(/^#+\s*/, "").trim() : undefined,
    });
  }

  /** What the targets of a static pattern rule look like. */
  #patternIn(text: string): string {
    return this.#marks.textOf(this.#named(text))?.trim() ?? text;
  }

  /** Names of targets: as they are where nothing is set. */
  #named(text: string): Pieces {
    const pieces = this.#expander.expandAssuming(text, NO_SCOPE);
    this.overrides.settle(pieces);
    if (pieces.length === 0 || !text.includes("$")) return pieces;
    const open = this.#expander
      .expand(text, NO_SCOPE)
      .find((piece) => piece.kind === "default" && constantOf(piece.fallback) !== "");
    if (open?.kind === "default" && !this.#isSaid.has(open.name)) {
      this.#isSaid.add(open.name);
      this.#report.approximated(
        this.#place,
        text.trim(),
        `names of files are those of the default of ${open.name}`,
      );
    }
    return pieces;
  }

  readonly #isSaid = new Set<string>();
  /** Places of rules of which no task can be made, as nobody knows what they make. */
  readonly #nameless = new Set<string>();

  #targetVariable(targets: readonly string[], { name, operator, value, modifiers }: Assignment): void {
    const pieces = this.#expander.expand(value, NO_SCOPE);
    for (const target of targets)
      this.#ofTargets.push({
        target,
        name,
        operator,
        value: pieces,
        raw: value,
        isExported: modifiers.has("export"),
        line: this.#line,
        file: this.#file,
      });
  }

  #specialTargets(targets: readonly string[], prerequisites: readonly string[]): void {
    for (const target of targets) {
      if (target === ".PHONY") for (const name of prerequisites) this.#phony.add(name);
      const known = this.#special.get(target) ?? [];
      this.#special.set(target, [...known, ...prerequisites]);
      if (target === ".DEFAULT") this.#lastResort = { ...this.#place, recipe: this.#current ?? [] };
      if (target === ".SECONDEXPANSION")
        this.#report.leftOut(this.#place, target, "prerequisites are only expanded once");
    }
  }
}
