import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { GIT_FIELDS } from "#core/model/plan";
import type { GitField } from "#core/model/plan";
import type { MemberExpr, NameExpr } from "./ast";
import { incomplete, unknownKey, unknownName } from "./check-names";
import type { Answer, ExprHost, FinishedFacts } from "./host";
import { whenReady } from "./maybe";
import type { Maybe } from "./maybe";
import { findName } from "./names";
import type { ExprName } from "./names";
import type { ExprFailure, ExprProblem } from "./problem";
import { booleanValue, durationValue, fromPlain, nullValue, numberValue, stringValue } from "./value";
import type { ExprValue } from "./value";

type Data = Readonly<Record<string, unknown>>;

/** What the place of an expression knows for certain. A name whose value is absent fails when it is read. */
export interface ExprScope {
  readonly matrix?: Data;
  /** Every declared argument; null where it was not given and has no default. */
  readonly args?: Data;
  readonly vars?: Data;
  readonly package?: { readonly name: string; readonly path: string; readonly tags: readonly string[] };
  readonly workspace?: { readonly root: string };
  readonly task?: { readonly name: string; readonly tags: readonly string[] };
  /** Null where no command ran or a signal ended it. */
  readonly exitCode?: number | null;
  readonly allowFailure?: boolean;
  readonly attempt?: number;
}

interface Context {
  readonly context: { readonly scope: ExprScope; readonly host: ExprHost };
}

type Outcome = Result<ExprValue, ExprFailure>;

/** The value of a name with all its members. */
export function readReference(root: NameExpr, members: readonly MemberExpr[], from: Context): Maybe<Outcome> {
  const entry = findName(root.name);
  if (entry === undefined) return err(unknownName(root, members));
  const own = ownMembers(entry);
  const missing = members.length < own;
  if (missing) return err(incomplete(entry, (members.at(-1) ?? root).span));
  const { scope, host } = from.context;
  const value = readName(entry, { root, members, scope, host });
  if (members.length === own) return value;
  return whenReady(value, (base) => {
    let outcome: Outcome = base;
    for (const member of members.slice(own)) {
      if (!outcome.ok) return outcome;
      outcome = memberValue(outcome.value, member);
    }
    return outcome;
  });
}

function ownMembers(entry: ExprName): number {
  if (entry.shape.kind === "value") return 0;
  return entry.shape.kind === "results" ? 2 : 1;
}

/** The field of an object or the element of an array; one that is not there is a failure. */
export function memberValue(object: ExprValue, member: MemberExpr): Outcome {
  const { key } = member;
  if (object.kind === "object") {
    const field = object.fields.get(String(key));
    return field === undefined ? err(unknownKey("this object", member, object.fields.keys())) : ok(field);
  }
  if (object.kind === "array" && typeof key === "number") {
    const item = object.items[key];
    return item === undefined ? err(unknownKey("this array", member, [])) : ok(item);
  }
  return err({ code: "E228", data: { kind: object.kind, name: String(key) }, span: member.keySpan });
}

interface Reading {
  readonly root: NameExpr;
  readonly members: readonly MemberExpr[];
  readonly scope: ExprScope;
  readonly host: ExprHost;
}

function readName(entry: ExprName, reading: Reading): Maybe<Outcome> {
  const { shape } = entry;
  const [key, field] = reading.members;
  switch (shape.kind) {
    case "value":
      return readValue(reading);
    case "fields":
      return key === undefined ? err(incomplete(entry, reading.root.span)) : readField(reading, key);
    case "keys":
      return key === undefined ? err(incomplete(entry, reading.root.span)) : readKey(shape.of, key, reading);
    case "results": {
      if (key === undefined || field === undefined) return err(incomplete(entry, reading.root.span));
      const name = String(key.key);
      const facts = reading.host.finished(shape.group, name);
      const kind = shape.group.slice(0, -1);
      return answered(facts, reading.root, (found) => {
        if (found === null) return err({ code: "E238", data: { kind, name }, span: key.span });
        const known = shape.fields.map((entryField) => entryField.name);
        return known.includes(String(field.key))
          ? ok(resultField(found, String(field.key)))
          : err(unknownKey(`${shape.group}['${name}']`, field, known));
      });
    }
  }
}

function readValue(reading: Reading): Maybe<Outcome> {
  const { root, scope, host } = reading;
  switch (root.name) {
    case "platform":
    case "arch":
      return ok(stringValue(host[root.name], root.name));
    case "ci":
    case "tty":
      return ok(booleanValue(host[root.name]));
    case "branch":
      return readGit("branch", reading);
    case "affected":
      return answered(host.affected(), root, (yes) => ok(booleanValue(yes)));
    case "exit_code":
      return present(scope.exitCode, root);
    case "allow_failure":
      return present(scope.allowFailure, root);
    case "attempt":
      return present(scope.attempt, root);
    default:
      return err(notHere(root));
  }
}

function readField(reading: Reading, member: MemberExpr): Maybe<Outcome> {
  const { root, scope } = reading;
  const name = String(member.key);
  const entry = findName(root.name);
  const known = entry?.shape.kind === "fields" ? entry.shape.fields.map((field) => field.name) : [];
  if (!known.includes(name)) return err(unknownKey(root.name, member, known));
  if (root.name === "git") return readGit(name, reading);
  const data: Data | undefined = fieldsOf(scope, root.name);
  return data === undefined ? err(notHere(root)) : present(data[name], root);
}

function fieldsOf(scope: ExprScope, name: string): Data | undefined {
  if (name === "package") return scope.package === undefined ? undefined : { ...scope.package };
  if (name === "workspace") return scope.workspace === undefined ? undefined : { ...scope.workspace };
  return scope.task === undefined ? undefined : { ...scope.task };
}

function readGit(field: string, { root, host }: Reading): Maybe<Outcome> {
  if (!isGitField(field)) return err(notHere(root));
  return answered(host.git(field), root, (value) => present(value, root));
}

function isGitField(name: string): name is GitField {
  return GIT_FIELDS.some((field) => field === name);
}

function readKey(
  of: "env" | "matrix" | "args" | "vars" | "output",
  member: MemberExpr,
  { root, scope, host }: Reading,
): Maybe<Outcome> {
  const name = String(member.key);
  if (of === "env") {
    const value = host.env(name);
    return ok(value === null ? nullValue : stringValue(value, "env"));
  }
  if (of === "output") {
    return answered(host.output(name), root, (data) => {
      if (data === undefined) return err({ code: "E239", data: { name }, span: member.span });
      return present(data, root);
    });
  }
  const data = scope[of];
  if (data === undefined) return err(notHere(root));
  if (!Object.hasOwn(data, name)) return err(unknownKey(of, member, Object.keys(data)));
  return present(data[name] ?? null, root);
}

function resultField(facts: FinishedFacts, field: string): ExprValue {
  switch (field) {
    case "duration":
      return durationValue(facts.durationMs);
    case "exit_code":
      return typeof facts.exitCode === "number" ? numberValue(facts.exitCode) : nullValue;
    case "cached":
      return booleanValue(facts.cached === true);
    case "success":
      return booleanValue(facts.success);
    case "failed":
      return booleanValue(facts.failed);
    default:
      return booleanValue(facts.skipped);
  }
}

function present(data: unknown, root: NameExpr): Outcome {
  if (data === undefined) return err(notHere(root));
  const value = fromPlain(data);
  if (value.ok) return value;
  return err({ code: "E237", data: { name: root.name, reason: value.error }, span: root.span });
}

const notHere = (root: NameExpr): ExprProblem => ({
  code: "E215",
  data: { name: root.name },
  span: root.span,
});

function answered<T>(asked: Answer<T>, root: NameExpr, next: (value: T) => Outcome): Maybe<Outcome> {
  return whenReady(asked, (result): Outcome => {
    if (result.ok) return next(result.value);
    return err({ code: "E237", data: { name: root.name, reason: result.error.reason }, span: root.span });
  });
}
