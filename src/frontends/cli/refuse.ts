import type { Problems } from "#app/problems";
import type { Session } from "./session";

/** Shows what keeps a command from being done, and gives its exit code. */
export async function refuse(session: Session, problems: Problems): Promise<number> {
  const { showProblems } = await import("./show-problems");
  return showProblems(session, problems);
}
