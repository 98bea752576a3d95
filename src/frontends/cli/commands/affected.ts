import { startChanges } from "#app/affected";
import { loadWorkspace } from "#app/load-workspace";
import { changeQuestion } from "#frontends/cli/affected-options";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { runAffected } from "#frontends/cli/run-affected";
import { openSession } from "#frontends/cli/session";
import { runTargets } from "./run";

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options);
    const search = startChanges(await changeQuestion(session));
    const loaded = await loadWorkspace(session.load);
    // Also where there is no configuration: the search waits for it.
    const found = await search.finish(loaded.ok ? loaded.value.workspace : undefined);
    if (!loaded.ok) return refuse(session, loaded.error);
    if (!found.ok) return refuse(session, found.error);
    return runAffected(parsed, { session, line, loaded: loaded.value, found: found.value, run: runTargets });
  },
};
