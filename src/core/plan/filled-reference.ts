import type { Diagnostic, Place } from "#base/diagnostic";
import { parseReference } from "#core/workspace/references";
import type { ParsedReference } from "#core/workspace/references";
import { giverFill, standsForMissing } from "./given-values";
import type { PlanNode } from "./node";
import type { PlanRequest } from "./request";

/** A reference with the values of its references. */
export interface FilledReference extends ParsedReference {
  /** The name with the brackets as they are written. */
  readonly text: string;
  /** Where it can't be followed: a value is still to be given, or refers to nothing. */
  readonly isOpen: boolean;
  readonly problems: readonly Diagnostic[];
}

export interface ReferenceWriter {
  /** The instance whose task has written the reference. */
  readonly node: PlanNode;
  readonly root: string;
  readonly request: PlanRequest;
  readonly place: Place;
}

const NO_PROBLEMS: readonly Diagnostic[] = [];

/**
 * A reference to a task as an instance means it: `${match.0}` in its name, and in the values of its brackets whatever
 * strings may refer to before a run: `test[os=${matrix.os}]`.
 */
export function filledReference(ref: string, writer: ReferenceWriter): FilledReference {
  const { name, pick } = parseReference(ref);
  if (!ref.includes("${")) return { name, pick, text: ref, isOpen: false, problems: NO_PROBLEMS };
  const { node, root, request, place } = writer;
  const filledName = fillMatch(name, node.match);
  const text = filledName + ref.slice(name.length);
  const values = Object.values(pick);
  if (standsForMissing({ args: values }, node))
    return { name: filledName, pick: {}, text, isOpen: true, problems: NO_PROBLEMS };
  const fill = giverFill(node, root, request);
  const key = place.path?.findLast((part) => typeof part === "string" && part !== "task");
  const where = `'${key}' of task '${node.task.entry.name}'`;
  const problems: Diagnostic[] = [];
  const filled: Record<string, string> = {};
  let from = name.length;
  for (const [axis, value] of Object.entries(pick)) {
    from = ref.indexOf(value, ref.indexOf("=", from) + 1);
    const known = fill.problems.length;
    filled[axis] = fill.plain(value, () => ({ place, where }));
    for (const problem of fill.problems.slice(known)) problems.push(shifted(problem, from));
    from += value.length;
  }
  return { name: filledName, pick: filled, text, isOpen: problems.length > 0, problems };
}

/** A problem of a part of a string that begins at `by`, as one of the whole. */
function shifted(problem: Diagnostic, by: number): Diagnostic {
  const within = problem.place?.within;
  if (problem.place === undefined || within === undefined) return problem;
  return {
    ...problem,
    place: { ...problem.place, within: { start: within.start + by, end: within.end + by } },
  };
}

/** `${match.0}` in a name. */
const fillMatch = (name: string, match: readonly string[]): string =>
  match.length === 0
    ? name
    : name.replaceAll(/\$\{match\.(\d+)\}/g, (whole, index: string) => match[Number(index)] ?? whole);
