import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { checkExpression } from "#core/expr/check";
import { evaluateCondition } from "#core/expr/evaluate";
import { parseExpression } from "#core/expr/parser";
import type { ExprProblem } from "#core/expr/problem";
import { types } from "#core/expr/types";
import type { Package, Workspace } from "#core/workspace/workspace";
import { createExprHost, createExprMemo } from "#engine/exec/expr-host";
import type { Host } from "#system/host";
import { changeFacts } from "#app/change-facts";
import type { Problems } from "#app/problems";
import type { ListedTask } from "./list";

export interface TaskFilter {
  /** The option that the expression was given by, for errors. */
  readonly option: string;
  readonly source: string;
  readonly host: Host;
  readonly isTerminal: boolean;
  /** Why `shell()` may not run; undefined where it may. */
  readonly shellRefusal?: string;
}

/**
 * The tasks for which an expression holds. What can be wrong with it is found before any of them is looked at; `env` is
 * the environment in which zr was started, since a listing makes none for each task.
 */
export async function tasksWhere(
  tasks: readonly ListedTask[],
  workspace: Workspace,
  filter: TaskFilter,
): Promise<Result<readonly ListedTask[], Problems>> {
  const { source, shellRefusal } = filter;
  const fail = (problems: readonly ExprProblem[]): Result<never, Problems> =>
    err({
      diagnostics: problems.map((problem) => placed(problem, filter.option)),
      unread: [],
      texts: new Map([[filter.option, source]]),
    });
  const expr = parseExpression(source);
  if (!expr.ok) return fail([expr.error]);
  // A value that some package has may be asked for; it is null where a package has it not.
  const keys = new Set([...workspace.packages.values()].flatMap((pkg) => Object.keys(pkg.config.vars)));
  const { problems } = checkExpression(expr.value, {
    site: "filter",
    vars: new Map([...keys].map((key) => [key, types.dynamic])),
    ...(shellRefusal === undefined ? {} : { shellRefusal }),
  });
  if (problems.length > 0) return fail(problems);
  const noVars = Object.fromEntries([...keys].map((key) => [key, null]));
  const hostOf = hosts(workspace, filter);
  const kept: ListedTask[] = [];
  for (const task of tasks) {
    const pkg = workspace.packages.get(task.package);
    if (pkg === undefined) throw new Error(`the package of ${task.name} is in the workspace`);
    const scope = {
      task: { name: task.task, tags: task.tags },
      package: { name: pkg.name, path: pkg.path, tags: pkg.tags },
      vars: { ...noVars, ...pkg.config.vars },
      workspace: { root: workspace.root },
    };
    const verdict = await evaluateCondition(expr.value, scope, hostOf(pkg));
    if (!verdict.ok) return fail([verdict.error]);
    if (verdict.value) kept.push(task);
  }
  return ok(kept);
}

const placed = ({ code, data, span, suggestions }: ExprProblem, option: string): Diagnostic => ({
  code,
  severity: "error",
  data,
  place: { file: option, span },
  ...(suggestions === undefined ? {} : { suggestions }),
});

function hosts(
  workspace: Workspace,
  { host, isTerminal, shellRefusal }: TaskFilter,
): (pkg: Package) => ReturnType<typeof createExprHost> {
  const memo = createExprMemo();
  const changes = changeFacts(workspace, { host });
  const made = new Map<Package, ReturnType<typeof createExprHost>>();
  const ci = host.env["CI"] ?? "";
  return (pkg) => {
    let known = made.get(pkg);
    if (known === undefined) {
      known = createExprHost({
        ...changes,
        root: workspace.root,
        packageDir: pkg.dir,
        env: host.env,
        platform: host.os,
        arch: host.arch,
        tty: isTerminal,
        ci: ci !== "" && ci !== "0" && ci !== "false",
        shellRefusal: shellRefusal ?? null,
        memo,
        finished: () => null,
        output: () => undefined,
      });
      made.set(pkg, known);
    }
    return known;
  };
}
