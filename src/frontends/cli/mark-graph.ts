import { affectedIn, startChanges } from "#app/affected";
import { changeScope } from "#app/change-scope";
import { markAffected } from "#app/operations/graph";
import type { GraphView } from "#app/operations/graph";
import type { Problems } from "#app/problems";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import type { Workspace } from "#core/workspace/workspace";
import { changeQuestion } from "./affected-options";
import type { Session } from "./session";

/** A graph with what the changes since a base affect marked; the usual base where none is given. */
export async function withAffected(
  graph: GraphView,
  base: string,
  { workspace, session }: { readonly workspace: Workspace; readonly session: Session },
): Promise<Result<GraphView, Problems>> {
  const scope = changeScope(workspace);
  const found = await startChanges(await changeQuestion(session, base)).finish(scope);
  if (!found.ok) return found;
  const reach = { dependents: true, excludeSelf: false, dependencies: false };
  const affected = await affectedIn(scope, found.value, reach);
  return ok(markAffected(graph, new Set(affected.keys()), workspace.rootPackage.name));
}
