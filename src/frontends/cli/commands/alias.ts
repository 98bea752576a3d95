import { type Alias, type AliasPlace, listAliases, removeAlias, setAlias } from "#app/operations/aliases";
import { usageProblem, type Problems } from "#app/problems";
import { relativeTo } from "#base/path";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import type { CommandBody, ParsedCommand } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, type Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { shellWord } from "#base/shell-word";
import { print } from "#system/stdio/print";
import { ALIAS_ACTIONS } from "#frontends/cli/completion/first-words";
import type { PeripherySetting } from "./periphery-setting";

/** `zr alias [list | set NAME WORDS… | remove NAME]`. */
export const aliasBody = (setting: PeripherySetting): CommandBody => ({
  run: (parsed) => {
    const [action = "list", ...rest] = parsed.words;
    const session = openSession(parsed.options);
    const doing: Doing = {
      session,
      place: { ...session.load, isDry: isOn(parsed.options, "dry-run") },
      words: rest,
    };
    if (action === "list") return list(doing);
    if (action === "set")
      return set({ ...doing, words: [...rest, ...parsed.extra] }, setting.reservedNames());
    if (action === "remove") return remove(doing);
    return refuse(
      session,
      usageProblem("E185", { command: "zr alias", value: action }, suggest(action, ALIAS_ACTIONS)),
    );
  },
});

interface Doing {
  readonly session: Session;
  readonly place: AliasPlace;
  /** What follows the action. */
  readonly words: ParsedCommand["words"];
}

async function list({ session, place, words }: Doing): Promise<number> {
  const [surplus] = words;
  if (surplus !== undefined)
    return refuse(session, usageProblem("E185", { command: "zr alias list", value: surplus }));
  const found = await listAliases(place);
  if (!found.ok) return refuse(session, found.error);
  if (formatOption(session.options) === "json") await print("stdout", jsonDocument({ aliases: found.value }));
  else await print("stdout", listing(found.value));
  return 0;
}

function listing(aliases: readonly Alias[]): string {
  const width = Math.max(0, ...aliases.map(({ name }) => name.length));
  return aliases.map(({ name, expansion }) => `${name.padEnd(width)}  ${expansion}\n`).join("");
}

async function set(doing: Doing, reserved: readonly string[]): Promise<number> {
  const [name, ...expansion] = doing.words;
  const [first] = expansion;
  if (name === undefined || first === undefined) {
    return refuse(
      doing.session,
      usageProblem("E184", { command: "zr alias set", what: "a name and the words it stands for" }),
    );
  }
  // One word is a line as it is; several are words, quoted where they have to be.
  const line = expansion.length === 1 ? first : expansion.map(shellWord).join(" ");
  return say(doing, await setAlias(doing.place, { name, expansion: line }, reserved), {
    change: { set: { name, expansion: line } },
    text: `${doing.place.isDry === true ? "would set" : "set"} ${name} = ${line}`,
  });
}

async function remove(doing: Doing): Promise<number> {
  const { session, words } = doing;
  const [name, surplus] = words;
  if (name === undefined)
    return refuse(
      session,
      usageProblem("E184", { command: "zr alias remove", what: "the name of an alias" }),
    );
  if (surplus !== undefined)
    return refuse(session, usageProblem("E185", { command: "zr alias remove", value: surplus }));
  return say(doing, await removeAlias(doing.place, name), {
    change: { removed: { name } },
    text: `${doing.place.isDry === true ? "would remove" : "removed"} ${name}`,
  });
}

async function say(
  { session, place }: Doing,
  done: Result<string, Problems>,
  { change, text }: { readonly change: object; readonly text: string },
): Promise<number> {
  if (!done.ok) return refuse(session, done.error);
  if (formatOption(session.options) === "json")
    await print(
      "stdout",
      jsonDocument({ ...change, path: done.value, ...(place.isDry === true ? { dryRun: true } : {}) }),
    );
  else if (!isOn(session.options, "quiet"))
    await print("stderr", `${text} in ${relativeTo(session.cwd, done.value)}\n`);
  return 0;
}
