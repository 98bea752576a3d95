import { keepAnswer, recallAnswer } from "#app/kept-answers";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { listLook } from "#frontends/cli/list-look";
import { openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

export const body: CommandBody = {
  async run(parsed, line) {
    const session = openSession(parsed.options, line);
    const recalled = isOfFiles(parsed) ? await recallListing(parsed, session) : { reading: undefined };
    if ("answer" in recalled) return show(recalled.answer);
    const { listingOf } = await import("#frontends/cli/list-tasks");
    const listing = await listingOf(parsed, session);
    if (typeof listing === "number") return listing;
    const exitCode = await show(listing.text);
    if (recalled.reading !== undefined)
      await keepAnswer(listing.text, recalled.reading, { root: listing.root, most: MOST_KEPT });
    return exitCode;
  },
};

const MOST_KEPT = 64;

/** Whether a listing says nothing but what files say: expressions and filters may ask for more. */
const isOfFiles = ({ options }: ParsedCommand): boolean =>
  options["where"] === undefined && options["filter"] === undefined;

const recallListing = (
  { words, options }: ParsedCommand,
  session: Session,
): ReturnType<typeof recallAnswer<string>> =>
  recallAnswer(
    { kind: "listings", about: [session.cwd, words, options, listLook(session)] },
    session.host,
    isText,
  );

const isText = (value: unknown): value is string => typeof value === "string";

async function show(text: string): Promise<number> {
  await print("stdout", text);
  return 0;
}
