import type { ChangeSearch } from "#app/affected";
import { changeScope } from "#app/change-scope";
import type { Reading } from "#app/kept-answers";
import { keepScope } from "#app/kept-scope";
import { loadWorkspace } from "#app/load-workspace";
import type { CommandLine, ParsedCommand } from "./command";
import { listAffectedPackages } from "./list-affected";
import { runTargets } from "./plan-and-run";
import { refuse } from "./refuse";
import { runAffected } from "./run-affected";
import type { Session } from "./session";

interface AffectedRequest {
  readonly session: Session;
  readonly line: CommandLine;
  readonly search: ChangeSearch;
  /** There where nothing is asked for but the packages. */
  readonly reading: Reading | undefined;
}

/** Reads the workspace, and lists what a change affects in it or runs that. Gives the exit code. */
export async function affectedAnew(
  parsed: ParsedCommand,
  { session, line, search, reading }: AffectedRequest,
): Promise<number> {
  const loaded = await loadWorkspace(session.load);
  const scope = loaded.ok ? changeScope(loaded.value.workspace) : undefined;
  if (reading !== undefined && scope !== undefined) {
    const code = await listAffectedPackages(scope, search, session);
    await keepScope(scope, reading);
    return code;
  }
  // Also where there is no configuration: the search waits for it.
  const found = await search.finish(scope);
  if (!loaded.ok) return refuse(session, loaded.error);
  if (!found.ok) return refuse(session, found.error);
  return runAffected(parsed, { session, line, loaded: loaded.value, found: found.value, run: runTargets });
}
