import type { Diagnostic } from "#base/diagnostic";
import { checkCondition } from "#core/expr/check";
import type { KeyTypes } from "#core/expr/check-names";
import { problemDiagnostic } from "#core/expr/problem";
import { types } from "#core/expr/types";
import type { TaskEntry } from "#core/config/config";
import { handlerTasks } from "#core/workspace/handler-tasks";
import { siteOf } from "./complete-expression";
import { entryAt, originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { typedStrings } from "./typed-strings";

/**
 * What is wrong with the expressions of tasks by themselves: their syntax, names and types. For tasks that can't be
 * planned; planning knows more, such as which tasks run before.
 */
export function expressionProblems(
  model: EditorModel,
  file: string,
  isWanted: (task: string) => boolean,
): readonly Diagnostic[] {
  const text = model.textOf(file);
  if (text === undefined) return [];
  let known: ReadonlySet<TaskEntry> | undefined;
  const handlers = (): ReadonlySet<TaskEntry> =>
    (known ??= model.workspace === undefined ? new Set() : handlerTasks(model.workspace));
  return typedStrings(text).flatMap(({ node, path, format }) => {
    const [section, name] = path;
    if (format !== "expression" || section !== "tasks" || !isWanted(String(name))) return [];
    const found = entryAt(model.workspace, file, path);
    const table = found?.pkg.resolve(found.entry).table;
    const vars = originsOf(model.workspace, file).flatMap(({ pkg }) => Object.keys(pkg.config.vars));
    const scope = {
      site: siteOf(path, () => found !== undefined && handlers().has(found.entry)),
      vars: keyTypes(vars),
      matrix: keyTypes(Object.keys(table?.matrix ?? {})),
      args: keyTypes((table?.args ?? []).flatMap((parameter) => parameter.name ?? [])),
    };
    return checkCondition(node.value, scope).map((problem) => problemDiagnostic(problem, { file, path }));
  });
}

const keyTypes = (names: readonly string[]): KeyTypes => new Map(names.map((name) => [name, types.dynamic]));
