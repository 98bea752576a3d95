import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import type { MemberExpr, NameExpr } from "./ast";
import { exprFunctions } from "./functions";
import type { ResultGroup } from "./host";
import { exprNames, findName } from "./names";
import type { ExprField, ExprName, ExprSite } from "./names";
import type { ExprProblem } from "./problem";
import { types } from "./types";
import type { ExprType } from "./types";

/** Declared keys with their types. */
export type KeyTypes = ReadonlyMap<string, ExprType>;

/** What is known where an expression stands. What is absent is not checked. */
export interface CheckScope {
  readonly site: ExprSite;
  readonly matrix?: KeyTypes;
  readonly args?: KeyTypes;
  readonly vars?: KeyTypes;
  /** Names by which tasks upstream of this one may be called. */
  readonly upstream?: ReadonlySet<string>;
  /** Of each instance that a name of `upstream` means, whether it shares its output. */
  readonly sharing?: (name: string) => readonly boolean[];
  /** Names of all tasks, to tell "not upstream" from "no such task". */
  readonly tasks?: ReadonlySet<string>;
  /** Earlier stages (or steps) of the workflow, and all of them. */
  readonly earlierStages?: ReadonlySet<string>;
  readonly stages?: ReadonlySet<string>;
  /** Set where `shell()` may not be used at all: why. */
  readonly shellRefusal?: string;
}

export interface ResolvedReference {
  readonly type: ExprType;
  /** How many of the members belong to the reference; the rest look into its value. */
  readonly used: number;
}

type Resolution = Result<ResolvedReference, ExprProblem>;

/** What a name with its members means where it stands. */
export function resolveReference(
  root: NameExpr,
  members: readonly MemberExpr[],
  scope: CheckScope,
): Resolution {
  const entry = findName(root.name);
  if (entry === undefined) return err(unknownName(root, members, scope.site));
  if (!entry.sites.includes(scope.site)) {
    return err({ code: "E215", data: { name: root.name }, span: root.span });
  }
  const [key, field] = members;
  const { shape } = entry;
  if (shape.kind === "value") return ok({ type: shape.type, used: 0 });
  if (key === undefined) return err(incomplete(entry, root.span));
  switch (shape.kind) {
    case "fields":
      return resolveField(shape.fields, key, root.name);
    case "keys":
      return resolveKey(shape.of, key, scope);
    case "results": {
      const problem = resultProblem(shape.group, key, scope);
      if (problem !== undefined) return err(problem);
      if (field === undefined) return err(incomplete(entry, key.span));
      const resolved = resolveField(shape.fields, field, `${root.name}['${key.key}']`);
      return resolved.ok ? ok({ type: resolved.value.type, used: 2 }) : resolved;
    }
  }
}

/** The problem of a namespace without the member that makes a value of it. */
export function incomplete(entry: ExprName, span: ExprProblem["span"]): ExprProblem {
  return { code: "E218", data: { name: entry.name, example: entry.example }, span };
}

/** The problem of a member that a name has not. */
export function unknownKey(of: string, member: MemberExpr, known: Iterable<string>): ExprProblem {
  const name = String(member.key);
  return { code: "E212", data: { name, of }, span: member.keySpan, suggestions: suggest(name, known) };
}

/** The problem of a name that the language has not; a function without its call says so. */
export function unknownName(root: NameExpr, members: readonly MemberExpr[], site?: ExprSite): ExprProblem {
  const [member] = members;
  const dotted = member === undefined ? root.name : `${root.name}.${member.key}`;
  const functions = exprFunctions.map((entry) => entry.name);
  if (functions.includes(dotted)) {
    return { code: "E219", data: { name: dotted }, span: (member ?? root).span };
  }
  const group = functions.filter((name) => name.startsWith(`${root.name}.`));
  if (group.length > 0 && member !== undefined) return unknownKey(root.name, member, group.map(lastPart));
  const names = exprNames.filter((entry) => site === undefined || entry.sites.includes(site));
  const suggestions =
    group.length > 0
      ? group.slice(0, 3)
      : suggest(
          root.name,
          names.map((entry) => entry.name),
        );
  return { code: "E211", data: { name: root.name }, span: root.span, suggestions };
}

const lastPart = (name: string): string => name.slice(name.indexOf(".") + 1);

function resolveField(fields: readonly ExprField[], member: MemberExpr, of: string): Resolution {
  const field = fields.find(({ name }) => name === member.key);
  if (field !== undefined) return ok({ type: field.type, used: 1 });
  return err(
    unknownKey(
      of,
      member,
      fields.map(({ name }) => name),
    ),
  );
}

function resolveKey(
  of: "env" | "matrix" | "args" | "vars" | "output",
  member: MemberExpr,
  scope: CheckScope,
): Resolution {
  if (of === "env") return ok({ type: types.env, used: 1 });
  if (of === "output") {
    const problem = resultProblem("tasks", member, scope) ?? sharingProblem(member, scope);
    return problem === undefined ? ok({ type: types.dynamic, used: 1 }) : err(problem);
  }
  const known = scope[of];
  if (known === undefined) return ok({ type: types.dynamic, used: 1 });
  const type = known.get(String(member.key));
  return type === undefined ? err(unknownKey(of, member, known.keys())) : ok({ type, used: 1 });
}

/** An output is read from one instance, which shares it. */
function sharingProblem(member: MemberExpr, { sharing }: CheckScope): ExprProblem | undefined {
  const name = String(member.key);
  const found = sharing?.(name);
  if (found === undefined || found.length === 0) return undefined;
  if (found.length > 1) return { code: "E242", data: { name, count: found.length }, span: member.keySpan };
  return found[0] === true ? undefined : { code: "E241", data: { name }, span: member.keySpan };
}

function resultProblem(group: ResultGroup, member: MemberExpr, scope: CheckScope): ExprProblem | undefined {
  const allowed = group === "tasks" ? scope.upstream : scope.earlierStages;
  const all = group === "tasks" ? scope.tasks : scope.stages;
  const name = String(member.key);
  if (allowed === undefined || allowed.has(name)) return undefined;
  const kind = group.slice(0, -1);
  if (all?.has(name) === true) return { code: "E216", data: { kind, name }, span: member.keySpan };
  const suggestions = suggest(name, allowed);
  return { code: "E217", data: { kind, name }, span: member.keySpan, suggestions };
}
