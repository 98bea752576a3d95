import { startChanges } from "#app/affected";
import { recallScope } from "#app/kept-scope";
import { changeQuestion } from "#frontends/cli/affected-options";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { listAffectedPackages } from "#frontends/cli/list-affected";
import { listOption, openSession } from "#frontends/cli/session";

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options);
    const search = startChanges(await changeQuestion(session));
    const known = isAboutPackages(parsed) ? await recallScope(session.load, session.host) : NOTHING_KNOWN;
    if ("answer" in known) return listAffectedPackages(known.answer, search, session);
    const { affectedAnew } = await import("#frontends/cli/affected-anew");
    return affectedAnew(parsed, { session, line, search, reading: known.reading });
  },
};

const NOTHING_KNOWN = { reading: undefined };

/** Whether nothing is asked for but the affected packages: then it does not matter what tasks there are. */
const isAboutPackages = ({ words, options }: ParsedCommand): boolean =>
  words.length === 0 && listOption(options, "tag").length === 0 && listOption(options, "filter").length === 0;
