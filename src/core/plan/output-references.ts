import { suggest } from "#base/suggest";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import type { SharedForm } from "#core/model/plan";
import type { PlanNode } from "./node";
import type { OutputReference } from "./output-reference";
import { Upstream } from "./upstream";
import type { Linked } from "./upstream";

/** An instance as far as what it shares goes. */
export interface Sharing extends Linked {
  readonly shareOutput?: SharedForm;
}

/** Tells what `${output.KEY}` means in the strings of the instances of one plan. */
export class OutputReferences {
  readonly #upstream: Upstream<Sharing>;
  readonly #workspace: Workspace;

  /** `earlier`: what has ended before the plan begins. */
  constructor(workspace: Workspace, nodes: readonly PlanNode[], earlier: readonly Sharing[] = []) {
    this.#workspace = workspace;
    this.#upstream = new Upstream([...nodes.map(sharingOf), ...earlier], earlier);
  }

  /**
   * The key is a task's name, and behind a dot the keys that lead into its JSON. Names may have dots of their own: the
   * longest that fits is meant.
   */
  resolve({ id, pkg }: PlanNode, key: string): OutputReference {
    const splits = splitsOf(key);
    for (const { name, path } of splits) {
      const found = this.#upstream.find(id, name);
      if (found.length > 0) return meaningOf(found, name, path);
    }
    const known = splits.find(
      ({ name }) => resolveReference(this.#workspace, { pkg }, parseReference(name).name).length > 0,
    );
    if (known !== undefined) return { kind: "problem", code: "E174", data: { task: known.name } };
    const sharing = this.#upstream.before(id).filter((other) => other.shareOutput !== undefined);
    const names = sharing.flatMap((other) => [other.id, other.name]);
    const [whole = "", ...shorter] = splits.map(({ name }) => name);
    const suggestions = [whole, ...shorter].map((name) => suggest(name, names)).find((all) => all.length > 0);
    return {
      kind: "problem",
      code: "E172",
      data: {},
      suggestions: (suggestions ?? []).map((name) => `\${output.${name}}`),
    };
  }
}

interface Split {
  readonly name: string;
  readonly path: readonly string[];
}

/** The ways to read a key, the longest name first. Dots in brackets are those of a matrix value. */
function splitsOf(key: string): readonly Split[] {
  const close = key.lastIndexOf("]");
  const fixed = key.slice(0, close + 1);
  const [first = "", ...rest] = key.slice(close + 1).split(".");
  const parts = [fixed + first, ...rest];
  return parts.map((_, index) => {
    const end = parts.length - index;
    return { name: parts.slice(0, end).join("."), path: parts.slice(end) };
  });
}

function meaningOf(found: readonly Sharing[], name: string, path: readonly string[]): OutputReference {
  const [only, ...others] = found;
  if (only === undefined) return { kind: "problem", code: "E172", data: {} };
  if (others.length > 0) {
    const instances = found.map(({ id }) => id);
    const data = { task: name, count: String(found.length) };
    return {
      kind: "problem",
      code: "E176",
      data,
      suggestions: instances.slice(0, 3).map((id) => `\${output.${[id, ...path].join(".")}}`),
    };
  }
  if (only.shareOutput === undefined) return { kind: "problem", code: "E175", data: { task: name } };
  if (path.length > 0 && only.shareOutput === "text")
    return { kind: "problem", code: "E177", data: { task: name, path: path.join(".") } };
  return { kind: "found", of: only.id, path };
}

function sharingOf({ id, name, pkg, matrix, edges, reason, task }: PlanNode): Sharing {
  const shareOutput = sharedForm(task.table.share_output);
  return {
    id,
    name,
    package: pkg.prefix,
    matrix,
    edges,
    reason,
    ...(shareOutput === undefined ? {} : { shareOutput }),
  };
}

/** What `share_output` asks for. */
export const sharedForm = (value: boolean | "json" | undefined): SharedForm | undefined =>
  value === "json" ? "json" : value === true ? "text" : undefined;
