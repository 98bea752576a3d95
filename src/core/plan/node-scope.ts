import type { Package } from "#core/workspace/workspace";
import type { InterpolationScope } from "./interpolation";
import type { PlanNode } from "./node";
import { declaredParameters } from "./parameters";
import type { PlanRequest } from "./request";
import { withSetValues } from "./set-values";

export interface NodeSurroundings extends Pick<InterpolationScope, "vars" | "output" | "os"> {
  /** The workspace's folder. */
  readonly root: string;
}

/** What references in the strings of an instance stand for. */
export function nodeScope(
  { pkg, task, matrix, params, match, name }: PlanNode,
  { root, vars, os, output }: NodeSurroundings,
): InterpolationScope {
  return {
    matrix,
    args: params,
    declaredArgs: declaredParameters(task.table).map((parameter) => parameter.name),
    vars,
    match,
    task: { name },
    package: { name: pkg.name, path: pkg.path, dir: pkg.dir },
    workspace: { root },
    os,
    output,
  };
}

/** `[vars]` of a package with the request's on top. */
export const packageVars = (pkg: Package, { vars }: PlanRequest): Readonly<Record<string, unknown>> =>
  Object.keys(vars).length === 0 ? pkg.config.vars : withSetValues(pkg.config.vars, vars);
