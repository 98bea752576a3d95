import { loadWorkspace } from "#app/load-workspace";
import { withTasksHere } from "#app/operations/unknown-task";
import { plainProblems } from "#app/problems";
import type { Diagnostic } from "#base/diagnostic";
import { refuse } from "#frontends/cli/refuse";
import type { Session } from "#frontends/cli/session";

/** `zr run` without the name of a task: refused, with the tasks that could be meant. */
export async function runNothing(session: Session): Promise<number> {
  const problem: Diagnostic = {
    code: "E184",
    severity: "error",
    data: { command: "zr run", what: "the name of a task" },
  };
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  return refuse(session, plainProblems(withTasksHere(problem, loaded.value.workspace)));
}
