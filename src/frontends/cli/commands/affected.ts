import { affectedIn, startChanges } from "#app/affected";
import type { ChangeSearch } from "#app/affected";
import { changeScope } from "#app/change-scope";
import { keepScope, recallScope } from "#app/kept-scope";
import { loadWorkspace } from "#app/load-workspace";
import type { ChangeScope } from "#core/affected/affected-packages";
import { changeQuestion, reachOf } from "#frontends/cli/affected-options";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { listAffected } from "#frontends/cli/list-affected";
import { refuse } from "#frontends/cli/refuse";
import { runAffected } from "#frontends/cli/run-affected";
import { listOption, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { runTargets } from "#frontends/cli/plan-and-run";

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options);
    const search = startChanges(await changeQuestion(session));
    const known = isAboutPackages(parsed) ? await recallScope(session.load, session.host) : NOTHING_KNOWN;
    if ("answer" in known) return listPackages(known.answer, search, session);
    const loaded = await loadWorkspace(session.load);
    const scope = loaded.ok ? changeScope(loaded.value.workspace) : undefined;
    if (known.reading !== undefined && scope !== undefined) {
      const code = await listPackages(scope, search, session);
      await keepScope(scope, known.reading);
      return code;
    }
    // Also where there is no configuration: the search waits for it.
    const found = await search.finish(scope);
    if (!loaded.ok) return refuse(session, loaded.error);
    if (!found.ok) return refuse(session, found.error);
    return runAffected(parsed, { session, line, loaded: loaded.value, found: found.value, run: runTargets });
  },
};

const NOTHING_KNOWN = { reading: undefined };

/** Whether nothing is asked for but the affected packages: then it does not matter what tasks there are. */
const isAboutPackages = ({ words, options }: ParsedCommand): boolean =>
  words.length === 0 && listOption(options, "tag").length === 0 && listOption(options, "filter").length === 0;

async function listPackages(scope: ChangeScope, search: ChangeSearch, session: Session): Promise<number> {
  const found = await search.finish(scope);
  if (!found.ok) return refuse(session, found.error);
  const packages = await affectedIn(scope, found.value, reachOf(session));
  return listAffected({ packages, targets: [], hasWords: false }, { session, scope, found: found.value });
}
